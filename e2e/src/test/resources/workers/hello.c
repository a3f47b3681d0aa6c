/* As short as a FastCGI program can be: libfcgi in the place of stdio. */
#include <fcgi_stdio.h>
#include <unistd.h>

int main(void)
{
    while (FCGI_Accept() >= 0)
        printf("Content-Type: text/plain\r\n\r\nhello from libfcgi %d\n", (int)getpid());
    return 0;
}
