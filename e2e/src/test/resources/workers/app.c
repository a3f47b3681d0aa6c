/*
 * A FastCGI application on libfcgi, with as many threads as its argument says. What a request does is said by its query:
 * the first word, and a number behind "=".
 */
#include <fcgiapp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static int present;

static void say(FCGX_Request *request, const char *word)
{
    FCGX_FPrintF(request->out, "Content-Type: text/plain\r\n\r\n%s %d\n", word, (int)getpid());
}

static void wait_a_while(long milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&time, &time) != 0)
        ;
}

/* Sends back each piece as it comes. */
static void echo(FCGX_Request *request)
{
    char piece[5000];
    int count;
    FCGX_PutS("Content-Type: application/octet-stream\r\n\r\n", request->out);
    while ((count = FCGX_GetStr(piece, sizeof piece, request->in)) > 0)
        if (FCGX_PutStr(piece, count, request->out) < 0)
            return;
}

static void length(FCGX_Request *request, long milliseconds)
{
    char piece[5000];
    int count;
    long all = 0;
    while ((count = FCGX_GetStr(piece, sizeof piece, request->in)) > 0)
        all += count;
    wait_a_while(milliseconds);
    FCGX_FPrintF(request->out, "Content-Type: text/plain\r\n\r\nlength %ld %d\n", all, (int)getpid());
}

/* A negative count has no end. */
static void large(FCGX_Request *request, long count)
{
    char piece[4096];
    memset(piece, 'x', sizeof piece);
    FCGX_PutS("Content-Type: text/plain\r\n\r\n", request->out);
    while (count != 0) {
        int next = count < 0 || count > (long)sizeof piece ? (int)sizeof piece : (int)count;
        if (FCGX_PutStr(piece, next, request->out) < 0)
            return;
        if (count > 0)
            count -= next;
    }
}

/* Each answers when so many have come, it included, since the last such group; or after five seconds. */
static void meet(FCGX_Request *request, int count)
{
    struct timespec limit;
    int met, target;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 5;
    pthread_mutex_lock(&lock);
    target = (present++ / count + 1) * count;
    pthread_cond_broadcast(&came);
    while (present < target && pthread_cond_timedwait(&came, &lock, &limit) == 0)
        ;
    met = present >= target;
    pthread_mutex_unlock(&lock);
    say(request, met ? "met" : "alone");
}

static void answer(FCGX_Request *request)
{
    const char *query = FCGX_GetParam("QUERY_STRING", request->envp);
    const char *equals;
    long number;
    if (query == NULL)
        query = "";
    equals = strchr(query, '=');
    number = equals == NULL ? 0 : atol(equals + 1);
    if (strncmp(query, "echo", 4) == 0)
        echo(request);
    else if (strncmp(query, "length", 6) == 0)
        length(request, number);
    else if (strncmp(query, "large", 5) == 0)
        large(request, number);
    else if (strncmp(query, "early", 5) == 0)
        FCGX_PutS("Status: 403\r\nContent-Type: text/plain\r\n\r\nnot read\n", request->out);
    else if (strncmp(query, "meet", 4) == 0)
        meet(request, (int)number);
    else if (strncmp(query, "begin", 5) == 0) {
        FCGX_PutS("Content-Type: text/plain\r\n\r\nfirst\n", request->out);
        FCGX_FFlush(request->out);
        wait_a_while(number);
        FCGX_FPrintF(request->out, "second %d\n", (int)getpid());
    } else if (strncmp(query, "stderr", 6) == 0) {
        FCGX_PutS("a word for the log\n", request->err);
        fprintf(stderr, "another on descriptor 2\n");
        say(request, "said");
    } else {
        wait_a_while(number);
        say(request, "hello");
    }
}

/* The lock is what the library's own example has, and many programs after it. */
static void *serve(void *unused)
{
    static pthread_mutex_t accepting = PTHREAD_MUTEX_INITIALIZER;
    FCGX_Request request;
    FCGX_InitRequest(&request, 0, 0);
    for (;;) {
        int result;
        pthread_mutex_lock(&accepting);
        result = FCGX_Accept_r(&request);
        pthread_mutex_unlock(&accepting);
        if (result < 0)
            return unused;
        answer(&request);
        FCGX_Finish_r(&request);
    }
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    FCGX_Init();
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, serve, NULL);
    }
    serve(NULL);
    return 0;
}
