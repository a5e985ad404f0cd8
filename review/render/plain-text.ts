/** What turns the direction of writing, or is not seen at all: a name must read as what it is. */
const HIDDEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const CONTROL = /\p{Cc}+/gu;

/**
 * A text of a site as one line that does nothing but be read: no line feed, no control sequence of a terminal, nothing hidden.
 * @param longest number of characters
 */
export function plainText(text: string, longest = 300): string {
  // A character is at most two units long: what is behind them is not even looked at.
  const line = text
    .slice(0, 4 * longest)
    .replace(HIDDEN, "")
    .replace(CONTROL, " ")
    .trim();
  const characters = [...line];
  return characters.length <= longest && text.length <= 4 * longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}

/** The same for a page in Markdown, also within a table: nothing in it is a tag, a link, a mention or a mark. */
export function markdownText(text: string, longest = 300): string {
  return plainText(text, longest)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]!|~$]/g, "\\$&")
    .replace(/#(?=\w)/g, "#<!-- -->")
    .replace(/(^|[^\w.])@(?=\w)/g, "$1@<!-- -->")
    .replace(/:\/\//g, ":<!-- -->//")
    .replace(/^[-+=#]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}
