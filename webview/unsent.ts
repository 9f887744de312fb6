/**
 * Typed text against the host's echoes. The host answers every input with a whole view, so while somebody types,
 * views arrive that hold what the field said some keystrokes ago. The rule: what was typed last stands as long as
 * the host only repeats what it had or what we sent; any other value is the host's own and wins.
 */
export type Value = string | boolean;

export type Unsent = {
  readonly field: string;
  /** The last value of the field that both sides know of. */
  readonly known: Value;
  /** What was sent since and not seen in a view yet, oldest first; never empty. */
  readonly pending: readonly Value[];
};

/**
 * After the user changed `field` to `value`, which is sent now. `before` is the host's value of that field in the
 * view on display. Only one field is typed in at a time: another field's state is dropped.
 */
export function typed(unsent: Unsent | undefined, field: string, before: Value, value: Value): Unsent {
  return unsent?.field === field
    ? { ...unsent, pending: [...unsent.pending, value] }
    : { field, known: before, pending: [value] };
}

/** After a view arrived in which the field has `value`: what is still unanswered, or nothing. */
export function received(unsent: Unsent, value: Value): Unsent | undefined {
  const at = unsent.pending.indexOf(value);
  if (at >= 0) {
    const pending = unsent.pending.slice(at + 1);
    return pending.length > 0 ? { ...unsent, known: value, pending } : undefined;
  }
  return value === unsent.known ? unsent : undefined;
}

/** What a field is to show, given the host's value for it. */
export function shown(unsent: Unsent | undefined, field: string, value: Value): Value {
  return unsent?.field === field ? (unsent.pending.at(-1) ?? value) : value;
}
