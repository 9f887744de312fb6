/** A part of a pattern: literal text (a variable's value, `${*}`), or text whose `*` and `?` are wildcards. */
export type PatternPart = { readonly text: string; readonly literal: boolean };

/** What stands between two `*`: characters, and undefined for a `?`. */
type Segment = readonly (string | undefined)[];

/** A compiled pattern: its segments, between each two of which any text may stand, `/` and `:` included. */
export type Pattern = readonly Segment[];

/**
 * Compiles a pattern: `*` stands for any number of characters, none and `/` included, `?` for exactly one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function compilePattern(parts: readonly PatternPart[]): Pattern {
  const segments: (string | undefined)[][] = [[]];
  for (const { text, literal } of parts) {
    for (const character of text) {
      if (character === "*" && !literal) segments.push([]);
      else segments.at(-1)?.push(character === "?" && !literal ? undefined : character);
    }
  }
  return segments;
}

/**
 * Whether a pattern matches a whole text. The leftmost place of each segment is taken once and never given up,
 * so that the work grows with the length of the text times the length of the longest segment in machine words,
 * whatever the pattern.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const characters = Array.from(text);
  const first = pattern[0] ?? [];
  const last = pattern.at(-1) ?? [];
  if (pattern.length === 1) return characters.length === first.length && fitsAt(first, characters, 0);
  const end = characters.length - last.length;
  if (end < first.length || !fitsAt(first, characters, 0) || !fitsAt(last, characters, end)) return false;
  let at = first.length;
  for (const segment of pattern.slice(1, -1)) {
    const found = find(segment, characters, at, end);
    if (found === undefined) return false;
    at = found + segment.length;
  }
  return true;
}

/** Whether a text without variables matches, `*` and `?` being wildcards. */
export function matchesWildcards(pattern: string, text: string): boolean {
  return matchesPattern(compilePattern([{ text: pattern, literal: false }]), text);
}

function fitsAt(segment: Segment, characters: readonly string[], at: number): boolean {
  return segment.every((wanted, index) => wanted === undefined || wanted === characters[at + index]);
}

/** The leftmost place of a segment that ends before `end`: the bit-parallel "shift-and" search. */
function find(
  segment: Segment,
  characters: readonly string[],
  from: number,
  end: number,
): number | undefined {
  if (segment.length === 0) return from;
  if (end - from < segment.length) return undefined;
  const { masks, anything } = searchMasks(segment);
  const done = 1n << BigInt(segment.length - 1);
  let state = 0n;
  for (let at = from; at < end; at += 1) {
    state = ((state << 1n) | 1n) & (masks.get(characters[at] ?? "") ?? anything);
    if ((state & done) !== 0n) return at + 1 - segment.length;
  }
  return undefined;
}

/** For each character the places in the segment where it fits, as bits; `anything` are those of the `?`. */
function searchMasks(segment: Segment): { masks: ReadonlyMap<string, bigint>; anything: bigint } {
  const anything = BigInt(
    `0b${segment
      .map((wanted) => (wanted === undefined ? "1" : "0"))
      .toReversed()
      .join("")}`,
  );
  const masks = new Map<string, bigint>();
  for (const [index, character] of segment.entries()) {
    if (character === undefined) continue;
    masks.set(character, (masks.get(character) ?? anything) | (1n << BigInt(index)));
  }
  return { masks, anything };
}
