/** Slack's markup as its client shows it. What the responder failed to escape shows up here as a mention or a link. */
export function mrkdwnHtml(text: string, nameOf: (userId: string) => string): string {
  return text
    .split(/(```[\s\S]*?```)/)
    .map((part) => (part.startsWith("```") && part.length >= 6 ? fence(part, nameOf) : inline(part, nameOf)))
    .join("");
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Slack turns these three entities back, and no others. */
function unescapeSlack(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Mentions and links work inside a fence too: code is no protection. */
function fence(part: string, nameOf: (userId: string) => string): string {
  const code = part.slice(3, -3).replace(/^\n/, "").replace(/\n$/, "");
  const html = code
    .split(/(<[^<>\n]+>)/)
    .map((piece) =>
      piece.startsWith("<") && piece.endsWith(">")
        ? special(piece.slice(1, -1), nameOf)
        : escapeHtml(unescapeSlack(piece)),
    );
  return `<pre>${html.join("")}</pre>`;
}

function inline(text: string, nameOf: (userId: string) => string): string {
  return text
    .split(/(<[^<>\n]+>|`[^`\n]+`)/)
    .map((part) => {
      if (part.startsWith("<") && part.endsWith(">")) return special(part.slice(1, -1), nameOf);
      if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) {
        return `<code>${escapeHtml(unescapeSlack(part.slice(1, -1)))}</code>`;
      }
      return styled(escapeHtml(unescapeSlack(part)));
    })
    .join("");
}

function special(inner: string, nameOf: (userId: string) => string): string {
  const [target = "", label] = inner.split("|");
  if (target.startsWith("@")) return mention(`@${label ?? nameOf(target.slice(1))}`);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${label ?? target.slice(1)}`);
  return `<a href="${escapeHtml(unescapeSlack(target))}">${escapeHtml(unescapeSlack(label ?? target))}</a>`;
}

function mention(name: string): string {
  return `<span class="mention">${escapeHtml(name)}</span>`;
}

/** Marks count only at the edge of a word. */
function styled(html: string): string {
  return html
    .replaceAll(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s.,:;!?)])/g, "$1<b>$2</b>")
    .replaceAll(/(^|[\s(])_([^_\n]+)_(?=$|[\s.,:;!?)])/g, "$1<i>$2</i>")
    .replaceAll(/(^|[\s(])~([^~\n]+)~(?=$|[\s.,:;!?)])/g, "$1<s>$2</s>")
    .replaceAll("\n", "<br>");
}
