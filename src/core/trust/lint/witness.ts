/** One character of a subject, or any number of them. */
type Atom = {
  readonly fits: (character: string) => boolean;
  readonly sample: string;
  readonly many: boolean;
};

/** The subjects of one kind: what may stand at each place. */
export type Template = readonly Atom[];

/** Exactly this text. */
export function text(value: string): Template {
  return Array.from(value, (sample) => ({ fits: (character) => character === sample, sample, many: false }));
}

/** One character or more of a kind. */
export function some(kind: RegExp, sample: string): Template {
  const fits = (character: string): boolean => kind.test(character);
  return [
    { fits, sample, many: false },
    { fits, sample, many: true },
  ];
}

/** No character or more of a kind. */
export function any(kind: RegExp, sample: string): Template {
  return some(kind, sample).slice(1);
}

/** A lowercase UUID. */
export const uuid: Template = Array.from("00000000-0000-0000-0000-000000000000", (sample) => ({
  fits: (character) => (sample === "-" ? character === "-" : /[0-9a-f]/.test(character)),
  sample,
  many: false,
}));

/** Longer values are in no policy that IAM stores. */
const MAX_LENGTH = 4096;

/** A value of a condition as a pattern: each character, `*` and `?` where the operator reads them as such. */
export type Value = {
  readonly text: string;
  readonly wildcards: boolean;
  readonly ignoreCase: boolean;
};

/**
 * A text that both a policy's value and a template admit; undefined where there is none, so that no subject of
 * that kind can match the value. Policy variables count as wildcards. Walks through pairs of places, each once:
 * the work grows with the length of the value.
 */
export function witness(value: Value, template: Template): string | undefined {
  if (value.text.length > MAX_LENGTH) return undefined;
  const pattern = placesOf(value);
  const width = template.length + 1;
  const goal = pattern.length * width + template.length;
  // For each pair where it was come from, counted from 1, and the character that led there, if one did.
  const cameFrom = new Int32Array(goal + 1);
  const characters = new Uint16Array(goal + 1);
  const open = [0];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (state === goal) break;
    const from = state;
    const reach = (next: number, character: string): void => {
      if (next === 0 || cameFrom[next] !== 0) return;
      cameFrom[next] = from + 1;
      characters[next] = character === "" ? 0 : character.charCodeAt(0);
      open.push(next);
    };
    const place = pattern[Math.floor(state / width)];
    const atom = template[state % width];
    if (place === "many") reach(state + width, "");
    if (atom === undefined) continue;
    const step = atom.many ? 0 : 1;
    if (atom.many) reach(state + 1, "");
    if (place === "many") {
      if (!atom.many) reach(state + 1, atom.sample);
    } else if (place === "one") reach(state + width + step, atom.sample);
    else if (place !== undefined) {
      const fitting = place.find((character) => atom.fits(character));
      if (fitting !== undefined) reach(state + width + step, fitting);
    }
  }
  return cameFrom[goal] === 0 ? undefined : pathTo(goal, cameFrom, characters);
}

type Place = "many" | "one" | readonly string[];

function placesOf({ text, wildcards, ignoreCase }: Value): readonly Place[] {
  const pieces = text.match(/\$\{[^}]*\}|[^]/g) ?? [];
  return pieces.map((piece): Place => {
    if (piece === "${*}" || piece === "${?}" || piece === "${$}") return [piece.charAt(2)];
    if (piece.length > 1 || (wildcards && piece === "*")) return "many";
    if (wildcards && piece === "?") return "one";
    return ignoreCase ? [piece.toLowerCase(), piece.toUpperCase()] : [piece];
  });
}

function pathTo(goal: number, cameFrom: Int32Array, characters: Uint16Array): string {
  const codes: number[] = [];
  for (let state = goal; state > 0; state = (cameFrom[state] ?? 0) - 1) {
    const code = characters[state] ?? 0;
    if (code !== 0) codes.push(code);
  }
  return codes
    .toReversed()
    .map((code) => String.fromCharCode(code))
    .join("");
}
