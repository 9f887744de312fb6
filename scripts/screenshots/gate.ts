import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";

/** A door on 127.0.0.1 in front of a local server, which can be kept shut for as long as a picture takes. */
export type Gate = {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Sets where the door leads to: a port of this machine. */
  readonly leadTo: (port: number) => void;
  /** Lets nothing in until `open`. What comes meanwhile waits. */
  readonly hold: () => void;
  /** Ends every connection that comes until `open`. */
  readonly refuse: () => void;
  readonly open: () => void;
  readonly close: () => Promise<void>;
};

/** Starts a gate, open and leading nowhere yet. */
export async function startGate(): Promise<Gate> {
  let port = 0;
  let refusing = false;
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // A connection that breaks is somebody else's to notice.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (refusing) return void client.destroy();
    const upstream = connect(port, "127.0.0.1");
    keep(upstream);
    upstream.pipe(client);
    client.on("data", (data: Buffer) => void opened.promise.then(() => upstream.write(data)));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gate has no port.");
  return {
    address: `127.0.0.1:${address.port}`,
    leadTo: (to) => {
      port = to;
    },
    hold: () => {
      opened = Promise.withResolvers<void>();
    },
    refuse: () => {
      refusing = true;
    },
    open: () => {
      refusing = false;
      opened.resolve();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
