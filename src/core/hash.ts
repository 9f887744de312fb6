/**
 * A short fingerprint of a text: FNV-1a over its UTF-16 units, an unsigned 32-bit integer. The same everywhere and for
 * ever, as names in AWS are made from it. It spreads texts and protects nothing.
 * Source: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  // FNV's low bits are weak for texts that differ at the end only; this spreads the last characters over all bits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The same as eight hex digits. */
export function hashText(text: string): string {
  return hash32(text).toString(16).padStart(8, "0");
}
