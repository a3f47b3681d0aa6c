/* Lets in whoever sends the right key, and says who that is (FastCGI 1.0, 6.3). */
#include <fcgiapp.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    FCGX_Stream *in, *out, *err;
    FCGX_ParamArray params;
    while (FCGX_Accept(&in, &out, &err, &params) >= 0) {
        const char *role = FCGX_GetParam("FCGI_ROLE", params);
        const char *key = FCGX_GetParam("HTTP_X_KEY", params);
        if (role == NULL || strcmp(role, "AUTHORIZER") != 0)
            FCGX_PutS("Status: 500\r\nContent-Type: text/plain\r\n\r\nnot asked as an authorizer\n", out);
        else if (key != NULL && strcmp(key, "open sesame") == 0)
            FCGX_FPrintF(out, "Status: 200\r\nVariable-VISITOR: alice\r\nVariable-AUTHORIZER_PID: %d\r\n\r\n", (int)getpid());
        else
            FCGX_PutS("Status: 403\r\nContent-Type: text/plain\r\n\r\nthe authorizer says no\n", out);
    }
    return 0;
}
