import type { Message, Translate } from "../../core/messages.ts";
import { visible } from "../../core/visible.ts";

/** Renders a message with the hidden characters of its arguments made visible. */
export function sayVisibly(translate: Translate): Translate {
  return ({ id, args }: Message) => {
    if (args === undefined) return translate({ id });
    const shown = Object.entries(args).map(([name, value]) => [
      name,
      typeof value === "string" ? visible(value) : value,
    ]);
    return translate({ id, args: Object.fromEntries(shown) });
  };
}
