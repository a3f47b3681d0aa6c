/* The smallest answer, compiled. */
#include <stdio.h>

int main(void)
{
    puts("Content-Type: text/plain\n\nhello from c");
    return 0;
}
