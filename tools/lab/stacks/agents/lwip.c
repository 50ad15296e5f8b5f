/* lwIP behind a socketpair: a datagram is an Ethernet frame, a line on stdin is a command, a line on stdout its answer.
 *
 *   lwip DESCRIPTOR ADDRESS PEER-ADDRESS MAC PEER-MAC        commands: tools/lab/stacks/agent.py
 *
 * The raw API is used, not the sockets: it shows the state machine as it is. Frames go to a fixed link address, so no
 * ARP is needed. What arrives is counted and acknowledged at once, and kept as a number of octets only.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

enum { MANY = 64, LARGEST = 65535 };

struct end {
    struct tcp_pcb *pcb; /* NULL when lwIP has forgotten it */
    int unread, eof, error, accepted, connected;
};

static struct end ends[MANY];
static struct tcp_pcb *listeners[MANY];
static int end_count, listener_count, wire;
static struct netif card;
static struct eth_addr peer_link;
static char octets[LARGEST];

static err_t to_wire(struct netif *netif, struct pbuf *packet)
{
    char frame[LARGEST];
    u16_t length = pbuf_copy_partial(packet, frame, sizeof frame, 0);
    (void)netif;
    return write(wire, frame, length) == length ? ERR_OK : ERR_IF;
}

static err_t to_peer(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to)
{
    (void)to;
    return ethernet_output(netif, packet, (struct eth_addr *)netif->hwaddr, &peer_link, ETHTYPE_IP);
}

static err_t set_up(struct netif *netif)
{
    netif->mtu = 1500;
    netif->hwaddr_len = 6;
    netif->linkoutput = to_wire;
    netif->output = to_peer;
    netif->flags = NETIF_FLAG_ETHERNET | NETIF_FLAG_ETHARP | NETIF_FLAG_UP | NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static void *from_wire(void *nothing)
{
    static char frame[LARGEST];
    for (;;) {
        ssize_t length = read(wire, frame, sizeof frame);
        if (length <= 0)
            exit(0);
        struct pbuf *packet = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
        if (packet == NULL)
            continue;
        pbuf_take(packet, frame, (u16_t)length);
        if (card.input(packet, &card) != ERR_OK)
            pbuf_free(packet);
    }
    return nothing;
}

static err_t received(void *argument, struct tcp_pcb *pcb, struct pbuf *packet, err_t error)
{
    struct end *end = argument;
    (void)error;
    if (packet == NULL) {
        end->eof = 1;
        return ERR_OK;
    }
    end->unread += packet->tot_len;
    tcp_recved(pcb, packet->tot_len);
    pbuf_free(packet);
    return ERR_OK;
}

static void failed(void *argument, err_t error)
{
    struct end *end = argument;
    end->pcb = NULL;
    end->error = error;
}

static err_t connected(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)pcb;
    ((struct end *)argument)->connected = error == ERR_OK;
    return ERR_OK;
}

static int adopt(struct tcp_pcb *pcb)
{
    struct end *end = &ends[end_count];
    end->pcb = pcb;
    tcp_arg(pcb, end);
    tcp_recv(pcb, received);
    tcp_err(pcb, failed);
    tcp_nagle_disable(pcb);
    return end_count++;
}

static err_t arrived(void *argument, struct tcp_pcb *pcb, err_t error)
{
    (void)argument;
    if (error != ERR_OK || pcb == NULL || end_count == MANY)
        return ERR_MEM;
    ends[adopt(pcb)].connected = 1;
    return ERR_OK;
}

static int handed_out; /* connections that `accept` has told of; those that we opened count as told */

static void answer(const char *command, int a, int b, int c)
{
    struct end *end = a >= 0 && a < end_count ? &ends[a] : NULL;
    struct tcp_pcb *pcb = end ? end->pcb : NULL;
    if (!strcmp(command, "listen")) {
        struct tcp_pcb *fresh = tcp_new();
        fresh->so_options |= SOF_REUSEADDR;
        err_t error = tcp_bind(fresh, IP4_ADDR_ANY, (u16_t)a);
        if (error == ERR_OK) {
            listeners[listener_count] = tcp_listen_with_backlog(fresh, (u8_t)b);
            tcp_accept(listeners[listener_count++], arrived);
        }
        printf(error == ERR_OK ? "ok\n" : "error bind %d\n", error);
    } else if (!strcmp(command, "accept")) {
        while (handed_out < end_count && ends[handed_out].accepted)
            handed_out++;
        if (handed_out == end_count)
            printf("none\n");
        else {
            ends[handed_out].accepted = 1;
            printf("ok %d\n", handed_out++);
        }
    } else if (!strcmp(command, "connect")) {
        struct tcp_pcb *fresh = tcp_new();
        ip_addr_t to;
        fresh->so_options |= SOF_REUSEADDR;
        int number = adopt(fresh);
        ends[number].accepted = 1;
        err_t error = tcp_bind(fresh, IP4_ADDR_ANY, (u16_t)a);
        ip_addr_copy_from_ip4(to, *netif_ip4_gw(&card));
        if (error == ERR_OK)
            error = tcp_connect(fresh, &to, (u16_t)b, connected);
        printf(error == ERR_OK ? "ok %d\n" : "error connect %d\n", error == ERR_OK ? number : error);
    } else if (!strcmp(command, "send") && pcb) {
        err_t error = tcp_write(pcb, octets, (u16_t)b, TCP_WRITE_FLAG_COPY);
        if (error == ERR_OK)
            error = tcp_output(pcb);
        printf(error == ERR_OK ? "ok\n" : "error send %d\n", error);
    } else if (!strcmp(command, "recv") && end) {
        if (end->unread) {
            printf("ok %d\n", end->unread);
            end->unread = 0;
        } else
            printf(end->error ? "reset\n" : end->eof ? "eof\n" : "none\n");
    } else if (!strcmp(command, "shut") && pcb) {
        printf(tcp_shutdown(pcb, 0, 1) == ERR_OK ? "ok\n" : "error shut\n");
    } else if (!strcmp(command, "close") && pcb) {
        end->pcb = NULL; /* lwIP keeps what it needs; its callbacks must not reach us any more */
        tcp_arg(pcb, end);
        printf(tcp_close(pcb) == ERR_OK ? "ok\n" : "error close\n");
    } else if (!strcmp(command, "abort") && pcb) {
        end->pcb = NULL;
        tcp_arg(pcb, NULL);
        tcp_err(pcb, NULL);
        tcp_abort(pcb);
        printf("ok\n");
    } else if (!strcmp(command, "ready") && end)
        printf(end->error ? "reset\n" : end->connected ? "ok\n" : "none\n");
    else
        printf("error no such command or connection %d\n", c);
}

int main(int count, char **words)
{
    ip4_addr_t own, mask, peer;
    pthread_t reader;
    char line[128], command[16];
    if (count != 6)
        return 2;
    wire = atoi(words[1]);
    ip4addr_aton(words[2], &own);
    ip4addr_aton(words[3], &peer);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    memset(octets, 'x', sizeof octets);
    setvbuf(stdout, NULL, _IOLBF, 0);
    tcpip_init(NULL, NULL);
    LOCK_TCPIP_CORE();
    netif_add(&card, &own, &mask, &peer, NULL, set_up, tcpip_input);
    sscanf(words[4], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", card.hwaddr, card.hwaddr + 1, card.hwaddr + 2, card.hwaddr + 3,
           card.hwaddr + 4, card.hwaddr + 5);
    sscanf(words[5], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", peer_link.addr, peer_link.addr + 1, peer_link.addr + 2,
           peer_link.addr + 3, peer_link.addr + 4, peer_link.addr + 5);
    netif_set_default(&card);
    netif_set_up(&card);
    UNLOCK_TCPIP_CORE();
    pthread_create(&reader, NULL, from_wire, NULL);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin)) {
        int a = -1, b = 0, c = 0;
        sscanf(line, "%15s %d %d %d", command, &a, &b, &c);
        LOCK_TCPIP_CORE();
        answer(command, a, b, c);
        UNLOCK_TCPIP_CORE();
    }
    return 0;
}
