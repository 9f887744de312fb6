// Default import: VS Code patches properties of this module, which named imports may not see.
import tls from "node:tls";
import { Duplex } from "node:stream";
import { X509Certificate } from "node:crypto";
import { readCertificateMessage, type CertificateMessage } from "./certificateMessage.ts";
import { openConnection, serverName, type Target } from "./connect.ts";
import { describeError, errorCode, TlsFailure } from "./failure.ts";
import type { Proxy } from "./proxy.ts";

/**
 * What a server presents, in its order, and whether it verifies for this host against the given roots alone;
 * if not, `code` is OpenSSL's or Node's name for why. `unreadable`: the server does not let it be read.
 */
export type Presented =
  | { kind: "read"; certificates: X509Certificate[]; verified: boolean; code: string }
  | { kind: "unreadable"; reason: string };

/**
 * One TLS handshake with the server, its data unused. It is held to TLS 1.2, where certificates are sent in the
 * clear, so that they can be read as they were sent; `getPeerCertificate` would link them in its own order, and
 * fill in roots of this machine. Nothing is trusted or sent on this connection. Fails with `TlsFailure`.
 */
export async function readPresentedChain(
  target: Target,
  roots: readonly string[],
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<Presented> {
  const connection = await openConnection(target, proxy, signal);
  let message: CertificateMessage = { kind: "more" };
  let received = Buffer.alloc(0);
  const observed = observe(connection, (bytes) => {
    if (message.kind === "more") {
      received = Buffer.concat([received, bytes]);
      message = readCertificateMessage(received);
    }
  });
  try {
    const verdict = await verify(observed, target, roots);
    return presented(message, verdict);
  } catch (error) {
    if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(errorCode(error) ?? "")) {
      return {
        kind: "unreadable",
        reason: "the server does not speak TLS 1.2, where certificates can be read as sent",
      };
    }
    throw new TlsFailure("connection-failed", `${target.host}:${target.port}: ${describeError(error)}`);
  } finally {
    connection.destroy();
  }
}

function presented(message: CertificateMessage, verdict: { verified: boolean; code: string }): Presented {
  if (message.kind !== "found" || message.certificates.length === 0) {
    return { kind: "unreadable", reason: "the server presented no certificate" };
  }
  try {
    return {
      kind: "read",
      certificates: message.certificates.map((der) => new X509Certificate(der)),
      ...verdict,
    };
  } catch (error) {
    return { kind: "unreadable", reason: `a certificate cannot be read: ${describeError(error)}` };
  }
}

function verify(
  connection: Duplex,
  target: Target,
  roots: readonly string[],
): Promise<{ verified: boolean; code: string }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      socket: connection,
      host: target.host,
      servername: serverName(target.host),
      ca: [...roots],
      // A chain that does not verify is a result here, not a failure.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
    });
    socket.once("secureConnect", () => {
      // Typed as an Error, but Node sets the code's text.
      const error: unknown = socket.authorizationError;
      const code = typeof error === "string" ? error : (errorCode(error) ?? describeError(error));
      resolve({ verified: socket.authorized, code: socket.authorized ? "" : code });
      socket.destroy();
    });
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("the server closed the connection during the handshake")));
  });
}

/** The same stream, with every piece that comes in shown first. */
function observe(inner: Duplex, onBytes: (bytes: Buffer) => void): Duplex {
  const outer = new Duplex({
    read: () => void inner.resume(),
    write: (chunk: Buffer, _encoding, done) => void inner.write(chunk, done),
    final: (done) => void inner.end(done),
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  inner.on("data", (chunk: Buffer) => {
    onBytes(chunk);
    if (!outer.push(chunk)) {
      inner.pause();
    }
  });
  inner.once("end", () => outer.push(null));
  inner.on("error", (error) => outer.destroy(error));
  inner.once("close", () => outer.destroy());
  return outer;
}
