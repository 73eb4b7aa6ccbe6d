// Command kraken is every Kraken component in one binary. A link's name chooses the
// component (kraken-agent, kraken-origin, ...), otherwise the first argument does
// (kraken agent ...); the flags behind it are upstream's own.
//
// There is no logic of our own here: each entry does what upstream's main package for
// that component does.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	agent "github.com/uber/kraken/agent/cmd"
	buildindex "github.com/uber/kraken/build-index/cmd"
	"github.com/uber/kraken/lib/backend/testfs"
	"github.com/uber/kraken/lib/dockerregistry"
	origin "github.com/uber/kraken/origin/cmd"
	proxy "github.com/uber/kraken/proxy/cmd"
	tracker "github.com/uber/kraken/tracker/cmd"
	"github.com/uber/kraken/utils/log"

	// Storage backends register themselves when imported (testfs too, above).
	_ "github.com/uber/kraken/lib/backend/gcsbackend"
	_ "github.com/uber/kraken/lib/backend/hdfsbackend"
	_ "github.com/uber/kraken/lib/backend/httpbackend"
	_ "github.com/uber/kraken/lib/backend/registrybackend"
	_ "github.com/uber/kraken/lib/backend/s3backend"
	_ "github.com/uber/kraken/lib/backend/shadowbackend"
	_ "github.com/uber/kraken/lib/backend/sqlbackend"
)

const krakenModule = "github.com/uber/kraken"

const usage = `usage: kraken COMPONENT [flags]
       kraken-COMPONENT [flags]     (through a link of that name)

components: agent, origin, tracker, build-index, proxy, testfs
"kraken COMPONENT --help" lists the flags of one; "kraken version" prints Kraken's version.
`

var components = map[string]func(){
	"agent": func() {
		agent.Run(agent.ParseFlags(), agent.WithEffect(dockerregistry.RegisterKrakenStorageDriver))
	},
	"origin":      func() { origin.Run(origin.ParseFlags()) },
	"tracker":     func() { tracker.Run(tracker.ParseFlags()) },
	"build-index": func() { buildindex.Run(buildindex.ParseFlags()) },
	"proxy": func() {
		proxy.Run(proxy.ParseFlags(), proxy.WithEffect(dockerregistry.RegisterKrakenStorageDriver))
	},
	"testfs": serveTestfs,
}

func main() {
	name := strings.TrimPrefix(filepath.Base(os.Args[0]), "kraken-")
	run, linked := components[name]
	if !linked {
		if len(os.Args) < 2 {
			exit(os.Stderr, usage, 2)
		}
		name = os.Args[1]
		run = components[name]
		// Upstream parses os.Args itself and must not see the component.
		os.Args = append([]string{"kraken-" + name}, os.Args[2:]...)
		// flag took its name from the old os.Args[0] when the program started.
		flag.CommandLine.Init(os.Args[0], flag.ExitOnError)
	}
	switch {
	case run != nil:
		run()
	case name == "version":
		exit(os.Stdout, version()+"\n", 0)
	case name == "help" || name == "-h" || name == "--help":
		exit(os.Stdout, usage, 0)
	default:
		exit(os.Stderr, fmt.Sprintf("kraken: no component %q\n%s", name, usage), 2)
	}
}

func exit(w io.Writer, text string, code int) {
	fmt.Fprint(w, text)
	os.Exit(code)
}

// version is the version of the Kraken module linked into this binary.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == krakenModule {
				return dep.Version
			}
		}
	}
	return "unknown"
}

// serveTestfs is a backend that keeps blobs in a temporary directory, for tests only.
func serveTestfs() {
	port := flag.Int("port", 0, "port to listen on")
	flag.Parse()
	if *port == 0 {
		log.Fatal("-port required")
	}
	server := testfs.NewServer()
	defer server.Cleanup()
	addr := fmt.Sprintf(":%d", *port)
	log.Infof("Starting testfs server on %s", addr)
	log.Fatal(http.ListenAndServe(addr, server.Handler()))
}
