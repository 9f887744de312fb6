/**
 * Characters that a reader cannot see or that change the order in which others are drawn: control and format
 * characters (bidi controls, zero-width ones, tags), lone surrogates, private use, line and paragraph
 * separators, and the code points Unicode says to ignore when drawing.
 * Source: https://www.unicode.org/reports/tr36/ (Unicode Security Considerations), §2.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeCodePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `⟨U+${hex.padStart(4, "0")}⟩`;
}

/**
 * A one-line text (name, label, value) as it is safe to show: every hidden character becomes a visible escape
 * such as `⟨U+202E⟩`. All other characters stay as they are; a second application changes nothing.
 */
export function visible(text: string): string {
  return text.replace(hidden, escapeCodePoint);
}

/** Like `visible`, for text of several lines (prose, code): line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(hidden, (character) =>
    character === "\n" || character === "\t" ? character : escapeCodePoint(character),
  );
}
