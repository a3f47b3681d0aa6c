/* The least that a FastCGI application does: it answers every request with the same line. */
#include <fcgiapp.h>

int main(void) {
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0) {
        return 1;
    }
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutS("Content-Type: text/plain\r\n\r\nHello from a persistent application.\n", request.out);
    }
    return 0;
}
