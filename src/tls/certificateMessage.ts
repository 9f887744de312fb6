/** What the start of a TLS 1.2 server's byte stream says about the certificates it presents. */
export type CertificateMessage =
  { kind: "more" } | { kind: "found"; certificates: Buffer[] } | { kind: "absent" };

const handshakeRecord = 22;
const certificateType = 11;
// Real chains take 3 to 6 kB; a server that sends more than this before its certificates is not read on.
const longestStream = 256 * 1024;

/**
 * Reads the certificates, DER and in the order sent, from the bytes a server sends at the start of a TLS 1.2
 * handshake. Up to and including the Certificate message these are plain text (RFC 5246, 6.2.1 and 7.4.2).
 * Node itself gives the chain only as it can be linked, which hides the order and whatever does not link.
 */
export function readCertificateMessage(stream: Buffer): CertificateMessage {
  const { messages, ended } = handshakeBytes(stream);
  let at = 0;
  while (at + 4 <= messages.length) {
    const type = messages.readUInt8(at);
    const end = at + 4 + messages.readUIntBE(at + 1, 3);
    if (end > messages.length) {
      break;
    }
    if (type === certificateType) {
      const certificates = splitCertificates(messages.subarray(at + 4, end));
      return certificates === undefined ? { kind: "absent" } : { kind: "found", certificates };
    }
    at = end;
  }
  return ended || stream.length > longestStream ? { kind: "absent" } : { kind: "more" };
}

/** The handshake messages at the start, put together from their records; `ended` when another kind follows. */
function handshakeBytes(stream: Buffer): { messages: Buffer; ended: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  let ended = false;
  while (at + 5 <= stream.length && !ended) {
    const end = at + 5 + stream.readUInt16BE(at + 3);
    if (stream.readUInt8(at) !== handshakeRecord) {
      ended = true;
    } else if (end > stream.length) {
      break;
    } else {
      parts.push(stream.subarray(at + 5, end));
      at = end;
    }
  }
  return { messages: Buffer.concat(parts), ended };
}

function splitCertificates(body: Buffer): Buffer[] | undefined {
  if (body.length < 3 || body.readUIntBE(0, 3) !== body.length - 3) {
    return undefined;
  }
  const certificates: Buffer[] = [];
  let at = 3;
  while (at < body.length) {
    const end = at + 3 <= body.length ? at + 3 + body.readUIntBE(at, 3) : Number.POSITIVE_INFINITY;
    if (end > body.length) {
      return undefined;
    }
    certificates.push(Buffer.from(body.subarray(at + 3, end)));
    at = end;
  }
  return certificates;
}
