/** A text file as its bytes have it, before an editor normalises anything. */
export type FileText = {
  /** Without the byte order mark; line ends as they are. */
  readonly text: string;
  /** Whether a UTF-8 byte order mark stands in front. */
  readonly bom: boolean;
  /** `mixed` where an editor would change line ends; `none` where there is no line end at all. */
  readonly lineEnds: "lf" | "crlf" | "mixed" | "none";
};

/**
 * Reads bytes as UTF-8. Undefined where they are not: nothing is replaced, as writing the text back must give
 * the same bytes again. Source: https://encoding.spec.whatwg.org/#dom-textdecoder
 */
export function decodeFile(bytes: Uint8Array): FileText | undefined {
  try {
    // `ignoreBOM` keeps the mark in the text, so that there is one place that takes it off and knows it.
    const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const bom = whole.startsWith("\uFEFF");
    const text = bom ? whole.slice(1) : whole;
    return { text, bom, lineEnds: lineEndsOf(text) };
  } catch {
    return undefined;
  }
}

/** The bytes of a text, with the mark in front where asked. */
export function encodeFile(text: string, bom: boolean): Uint8Array {
  return new TextEncoder().encode(bom ? `\uFEFF${text}` : text);
}

/** A single `\r` counts as mixed: editors read it as a line end and write another one. */
function lineEndsOf(text: string): FileText["lineEnds"] {
  const kinds = new Set(text.match(/\r\n|\r|\n/g));
  if (kinds.size === 0) return "none";
  if (kinds.size > 1 || kinds.has("\r")) return "mixed";
  return kinds.has("\n") ? "lf" : "crlf";
}

/** A text with one kind of line end, to compare what an editor shows with what a file holds. */
export function withLineEnds(text: string, lineEnd: "\n" | "\r\n"): string {
  return text.replaceAll(/\r\n|\r|\n/g, lineEnd);
}

/** Whether two files are the same byte for byte. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
