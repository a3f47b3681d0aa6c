#!/usr/bin/python3
import asyncio
import signal


async def count(name, number):
    for step in range(number):
        await asyncio.sleep(0.001)
    return name, number


async def main():
    print(await asyncio.gather(count("a", 3), count("b", 1)))
    process = await asyncio.create_subprocess_exec("/bin/echo", "from a child", stdout=asyncio.subprocess.PIPE)
    print(await process.communicate(), process.returncode)
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, sum, [1, 2, 3]), loop.is_running())
    loop.add_signal_handler(signal.SIGUSR1, print, "a signal")
    signal.raise_signal(signal.SIGUSR1)
    await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection(*(await server()))
    print(await reader.read())
    writer.close()
    asyncio.create_task(asyncio.sleep(100))


async def server():
    async def greet(reader, writer):
        writer.write(b"over a socket")
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0)
    return listening.sockets[0].getsockname()


print("Content-Type: text/plain\n")
asyncio.run(main())


async def left():
    try:
        yield 1
    finally:
        print("never or at the end")


async def start():
    async for number in left():
        return number


print(asyncio.run(start()))
