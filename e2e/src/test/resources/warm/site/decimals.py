#!/usr/bin/python3
import decimal
import fractions
import threading

print("Content-Type: text/plain\n")
print(decimal.getcontext())
print(decimal.Decimal(1) / 3)
decimal.getcontext().prec = 6
decimal.getcontext().rounding = decimal.ROUND_UP
decimal.getcontext().traps[decimal.Inexact] = False
print(decimal.Decimal(1) / 3, decimal.DefaultContext.prec)
thread = threading.Thread(target=lambda: print(decimal.getcontext().prec))
thread.start()
thread.join()
with decimal.localcontext() as context:
    context.prec = 40
    print(decimal.Decimal(2).sqrt(), fractions.Fraction(1, 3))
print(decimal.Decimal("1E+999999") * 10)
