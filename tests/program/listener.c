/* listener.c - takes connections on a port of its own, says which, and writes down the first line of each; answers none. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t at_len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, at_len) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &at_len) != 0)
        return -1;
    printf("listening on http://127.0.0.1:%d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

int main(void)
{
    int port = open_port();
    while (port >= 0) {
        char text[1024];
        int fd = accept(port, NULL, NULL);
        if (fd < 0)
            break;
        ssize_t len = read(fd, text, sizeof text - 1);
        text[len > 0 ? len : 0] = '\0';
        printf("heard %.*s\n", (int)strcspn(text, "\r\n"), text);
        fflush(stdout);
        close(fd);
    }
    perror("listener");
    return 1;
}
