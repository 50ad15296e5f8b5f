/* libslirp behind a socketpair: a datagram is an Ethernet frame.
 *
 *   slirp GUEST HOST FROM TO COUNT DESCRIPTOR
 *
 * What the guest sends to HOST goes to 127.0.0.1 in this process's namespace. Ports FROM, FROM+1, … (COUNT of them) of
 * 127.0.0.1 are forwarded to port TO of the guest. Says `ready`, and ends with its standard input.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <slirp/libslirp.h>

enum { MANY = 256, LARGEST = 65536 };

static struct pollfd polls[MANY];
static int poll_count, wire;

struct timer {
    SlirpTimerCb call;
    void *argument;
    int64_t at; /* ms; -1: not set */
    struct timer *next;
};
static struct timer *timers;

static ssize_t to_wire(const void *frame, size_t length, void *nothing)
{
    (void)nothing;
    return send(wire, frame, length, 0);
}

static void complain(const char *words, void *nothing)
{
    (void)nothing;
    fprintf(stderr, "%s\n", words);
}

static int64_t now_ns(void *nothing)
{
    struct timespec now;
    (void)nothing;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void *timer_new(SlirpTimerCb call, void *argument, void *nothing)
{
    struct timer *made = calloc(1, sizeof *made);
    (void)nothing;
    *made = (struct timer){call, argument, -1, timers};
    return timers = made;
}

static void timer_free(void *timer, void *nothing)
{
    (void)nothing;
    ((struct timer *)timer)->at = -1;
}

static void timer_mod(void *timer, int64_t at, void *nothing)
{
    (void)nothing;
    ((struct timer *)timer)->at = at;
}

static void ignore_fd(int fd, void *nothing)
{
    (void)fd, (void)nothing;
}

static void ignore(void *nothing)
{
    (void)nothing;
}

static int add_poll(int fd, int events, void *nothing)
{
    short wanted = 0;
    (void)nothing;
    if (poll_count == MANY)
        return -1;
    wanted |= events & SLIRP_POLL_IN ? POLLIN : 0;
    wanted |= events & SLIRP_POLL_OUT ? POLLOUT : 0;
    wanted |= events & SLIRP_POLL_PRI ? POLLPRI : 0;
    polls[poll_count] = (struct pollfd){fd, wanted, 0};
    return poll_count++;
}

static int get_events(int index, void *nothing)
{
    short got = polls[index].revents;
    int told = 0;
    (void)nothing;
    told |= got & POLLIN ? SLIRP_POLL_IN : 0;
    told |= got & POLLOUT ? SLIRP_POLL_OUT : 0;
    told |= got & POLLPRI ? SLIRP_POLL_PRI : 0;
    told |= got & POLLERR ? SLIRP_POLL_ERR : 0;
    told |= got & POLLHUP ? SLIRP_POLL_HUP : 0;
    return told;
}

int main(int count, char **words)
{
    static char frame[LARGEST];
    SlirpConfig config = {.version = 1, .in_enabled = true};
    static const SlirpCb calls = {
        .send_packet = to_wire,
        .guest_error = complain,
        .clock_get_ns = now_ns,
        .timer_new = timer_new,
        .timer_free = timer_free,
        .timer_mod = timer_mod,
        .register_poll_fd = ignore_fd,
        .unregister_poll_fd = ignore_fd,
        .notify = ignore,
    };
    struct in_addr guest, loopback;
    if (count != 7)
        return 2;
    wire = atoi(words[6]);
    inet_aton(words[1], &guest);
    inet_aton(words[2], &config.vhost);
    inet_aton("127.0.0.1", &loopback);
    inet_aton("255.255.255.0", &config.vnetmask);
    config.vnetwork.s_addr = config.vhost.s_addr & config.vnetmask.s_addr;
    config.vdhcp_start = guest;
    inet_aton("192.0.2.99", &config.vnameserver);
    Slirp *slirp = slirp_new(&config, &calls, NULL);
    if (slirp == NULL)
        return 1;
    for (int number = 0; number < atoi(words[5]); number++)
        if (slirp_add_hostfwd(slirp, 0, loopback, atoi(words[3]) + number, guest, atoi(words[4])))
            return 1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        uint32_t wait = 20;
        poll_count = 2;
        polls[0] = (struct pollfd){wire, POLLIN, 0};
        polls[1] = (struct pollfd){0, POLLIN, 0};
        slirp_pollfds_fill(slirp, &wait, add_poll, NULL);
        int got = poll(polls, poll_count, wait > 20 ? 20 : (int)wait);
        slirp_pollfds_poll(slirp, got < 0, get_events, NULL);
        if (polls[0].revents & POLLIN) {
            ssize_t length = recv(wire, frame, sizeof frame, 0);
            if (length > 0)
                slirp_input(slirp, (uint8_t *)frame, (int)length);
        }
        if (polls[1].revents)
            return 0;
        for (struct timer *timer = timers; timer; timer = timer->next)
            if (timer->at >= 0 && timer->at * 1000000 <= now_ns(NULL)) {
                timer->at = -1;
                timer->call(timer->argument);
            }
    }
}
