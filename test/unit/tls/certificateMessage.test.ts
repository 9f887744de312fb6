import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCertificateMessage } from "../../../src/tls/certificateMessage.ts";

function record(type: number, payload: Buffer): Buffer {
  const head = Buffer.from([type, 3, 3, 0, 0]);
  head.writeUInt16BE(payload.length, 3);
  return Buffer.concat([head, payload]);
}

function sized(bytes: number, content: Buffer): Buffer {
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([size, content]);
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), sized(3, body)]);
}

const certificateList = (certificates: Buffer[]) =>
  sized(3, Buffer.concat(certificates.map((one) => sized(3, one))));
const serverHello = message(2, Buffer.alloc(70, 1));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((one) => Buffer.from(one));

describe("the certificates in a TLS 1.2 server's first bytes", () => {
  it("are found however the messages are cut into records, and not before they are whole", () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { maxLength: 5 }),
        fc.integer({ min: 1, max: 300 }),
        (certificates, size) => {
          const stream = Buffer.concat([serverHello, message(11, certificateList(certificates))]);
          const records: Buffer[] = [];
          for (let at = 0; at < stream.length; at += size) {
            records.push(record(22, stream.subarray(at, at + size)));
          }
          const sent = Buffer.concat(records);
          expect(readCertificateMessage(sent)).toEqual({ kind: "found", certificates });
          expect(readCertificateMessage(sent.subarray(0, -1))).toEqual({ kind: "more" });
        },
      ),
    );
  });

  it("are absent when something else follows the hello, such as an alert", () => {
    const alert = record(21, Buffer.from([2, 70]));
    expect(readCertificateMessage(alert)).toEqual({ kind: "absent" });
    expect(readCertificateMessage(Buffer.concat([record(22, serverHello), alert]))).toEqual({
      kind: "absent",
    });
  });

  it.each([
    ["a list longer than the message", sized(3, Buffer.alloc(4)).subarray(0, -1)],
    ["a certificate longer than the list", sized(3, Buffer.from([0, 0, 9, 1]))],
    ["a list that ends in a length", sized(3, Buffer.from([0, 0]))],
    ["no list", Buffer.alloc(0)],
  ])("are absent in %s", (_name, body) => {
    expect(readCertificateMessage(record(22, message(11, body)))).toEqual({ kind: "absent" });
  });

  it("are given up on when they do not come", () => {
    const endless = Buffer.alloc(300 * 1024, record(22, Buffer.alloc(16_384, 0xff)));
    expect(readCertificateMessage(endless)).toEqual({ kind: "absent" });
  });

  it("are never read past the end of what a stranger sends", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (stream) => {
        expect(["more", "found", "absent"]).toContain(readCertificateMessage(Buffer.from(stream)).kind);
      }),
    );
  });
});
