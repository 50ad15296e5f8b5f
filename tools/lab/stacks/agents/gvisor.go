// gVisor's netstack behind a socketpair: a datagram is an Ethernet frame, a line on stdin is a command, a line on stdout
// its answer.
//
//	gvisor DESCRIPTOR ADDRESS PEER-ADDRESS MAC PEER-MAC        commands: tools/lab/stacks/agent.py
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

const card = 1

type end struct {
	tcpip.Endpoint
	gone bool
}

var (
	ends      []*end
	listeners []tcpip.Endpoint
	network   *stack.Stack
	own, peer tcpip.Address
)

func must(what string, err any) {
	switch err := err.(type) {
	case nil:
	case error:
		panic(what + ": " + err.Error())
	default:
		if text := fmt.Sprint(err); text != "<nil>" {
			panic(what + ": " + text)
		}
	}
}

func fresh() tcpip.Endpoint {
	var queue waiter.Queue
	made, err := network.NewEndpoint(tcp.ProtocolNumber, ipv4.ProtocolNumber, &queue)
	if err != nil {
		panic(err.String())
	}
	made.SocketOptions().SetReuseAddress(true)
	made.SocketOptions().SetReusePort(true)
	made.SocketOptions().SetDelayOption(false)
	return made
}

func at(number int) *end {
	if number < 0 || number >= len(ends) || ends[number].gone {
		return nil
	}
	return ends[number]
}

func told(err tcpip.Error) string {
	if err == nil {
		return "ok"
	}
	return "error " + err.String()
}

func answer(command string, a, b int) string {
	one := at(a)
	switch command {
	case "listen":
		made := fresh()
		if err := made.Bind(tcpip.FullAddress{NIC: card, Addr: own, Port: uint16(a)}); err != nil {
			return told(err)
		}
		listeners = append(listeners, made)
		return told(made.Listen(b))
	case "accept":
		for _, listener := range listeners {
			if made, _, err := listener.Accept(nil); err == nil {
				made.SocketOptions().SetDelayOption(false)
				ends = append(ends, &end{Endpoint: made})
				return fmt.Sprintf("ok %d", len(ends)-1)
			}
		}
		return "none"
	case "connect":
		made := fresh()
		if err := made.Bind(tcpip.FullAddress{NIC: card, Addr: own, Port: uint16(a)}); err != nil {
			return told(err)
		}
		err := made.Connect(tcpip.FullAddress{NIC: card, Addr: peer, Port: uint16(b)})
		if _, started := err.(*tcpip.ErrConnectStarted); err != nil && !started {
			return told(err)
		}
		ends = append(ends, &end{Endpoint: made})
		return fmt.Sprintf("ok %d", len(ends)-1)
	}
	if one == nil {
		return "error no such command or connection"
	}
	switch command {
	case "ready":
		if tcp.EndpointState(one.State()).String() == "ESTABLISHED" {
			return "ok"
		}
		if err := one.SocketOptions().GetLastError(); err != nil {
			return "reset"
		}
		return "none"
	case "send":
		_, err := one.Write(bytes.NewReader(bytes.Repeat([]byte("x"), b)), tcpip.WriteOptions{})
		return told(err)
	case "recv":
		var into bytes.Buffer
		result, err := one.Read(&into, tcpip.ReadOptions{})
		switch err.(type) {
		case nil:
			return fmt.Sprintf("ok %d", result.Count)
		case *tcpip.ErrWouldBlock:
			return "none"
		case *tcpip.ErrClosedForReceive:
			return "eof"
		}
		return "reset"
	case "shut":
		return told(one.Shutdown(tcpip.ShutdownWrite))
	case "close":
		one.gone = true
		one.Close()
		return "ok"
	case "abort":
		one.gone = true
		one.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true, Timeout: 0})
		one.Close()
		return "ok"
	}
	return "error no such command"
}

func main() {
	var wire int
	if len(os.Args) != 6 {
		os.Exit(2)
	}
	fmt.Sscan(os.Args[1], &wire)
	own = tcpip.Address(net.ParseIP(os.Args[2]).To4())
	peer = tcpip.Address(net.ParseIP(os.Args[3]).To4())
	mac, err := net.ParseMAC(os.Args[4])
	must("MAC", err)
	peerMAC, err := net.ParseMAC(os.Args[5])
	must("MAC", err)
	network = stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{arp.NewProtocol, ipv4.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	link, err := fdbased.New(&fdbased.Options{
		FDs: []int{wire}, MTU: 1500, EthernetHeader: true, Address: tcpip.LinkAddress(mac),
		ClosedFunc: func(tcpip.Error) { os.Exit(0) },
	})
	must("link", err)
	must("card", network.CreateNIC(card, link))
	address := tcpip.ProtocolAddress{
		Protocol:          ipv4.ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{Address: own, PrefixLen: 24},
	}
	must("address", network.AddProtocolAddress(card, address, stack.AddressProperties{}))
	network.SetRouteTable([]tcpip.Route{{Destination: address.AddressWithPrefix.Subnet(), NIC: card}})
	must("neighbour", network.AddStaticNeighbor(card, ipv4.ProtocolNumber, peer, tcpip.LinkAddress(peerMAC)))
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var command string
		a, b := -1, 0
		fmt.Sscan(lines.Text(), &command, &a, &b)
		fmt.Println(answer(command, a, b))
	}
	time.Sleep(time.Millisecond)
}
