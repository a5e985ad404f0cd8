// Runs inside a network namespace: listens on the given ports, and opens the connections that come as lines on stdin.
const net = require("node:net");
const readline = require("node:readline");

const GREETING = "bastide";
const TIMEOUT_MS = 5000;

for (const port of process.argv.slice(2)) {
  net
    .createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end(GREETING);
    })
    .listen({ port: Number(port), host: "::" });
}

/** `open` where the greeting came, `refused` where the connection was turned down, else what happened. */
function probe({ source, destination, port }) {
  return new Promise((resolve) => {
    let text = "";
    const socket = net.connect({ host: destination, port, localAddress: source });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("timeout")));
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("end", () => resolve(text === GREETING ? "open" : "no greeting"));
    socket.on("error", (error) => resolve(error.code === "ECONNREFUSED" ? "refused" : (error.code ?? error.message)));
  });
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const results = await Promise.all(JSON.parse(line).map(probe));
  process.stdout.write(`${JSON.stringify(results)}\n`);
});
// The namespace goes with its last process, so nothing is left when the test dies.
lines.on("close", () => process.exit(0));
process.stdout.write("[]\n");
