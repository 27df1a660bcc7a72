// Loaded into the Playground before its own code (see playground.py).

// It listens on every network interface and has no setting for that: whoever
// shares the network could act as any of its users. Keep it on loopback.
const { Server } = require("node:net");
const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, { port, host: "127.0.0.1" }, rest.findLast((it) => typeof it === "function"));
};

// End with the program that holds the other end of stdin, however that one ends.
process.stdin.on("end", () => process.exit()).resume();
