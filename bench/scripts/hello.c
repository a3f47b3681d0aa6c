/* The smallest CGI program: linked statically, so that not even a dynamic loader runs. */
#include <unistd.h>

static const char ANSWER[] = "Content-Type: text/plain\r\n\r\nHello from a CGI script.\n";

int main(void) {
    return write(1, ANSWER, sizeof ANSWER - 1) == sizeof ANSWER - 1 ? 0 : 1;
}
