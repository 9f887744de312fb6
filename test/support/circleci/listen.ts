import type { Server, Socket } from "node:net";

/** A server that listens on 127.0.0.1. `close` ends its open connections too. */
export type Listening = { port: number; close(): Promise<void> };

/** Listens on 127.0.0.1, on a free port unless one is given. Rejects with the system's error, `EADDRINUSE` say. */
export function listenOnLoopback(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") {
        reject(new Error("The server has no port."));
        return;
      }
      resolve({ port: address.port, close: () => closeServer(server, sockets) });
    });
  });
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) {
      socket.destroy();
    }
  });
}
