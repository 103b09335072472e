const secret =
  /\b(password|passwd|identified(?:\s+with\s+\S+)?\s+(?:by|as)|secret|token)(\s*[=:]?\s*)(?:'(?:[^']|'')*'?|"[^"]*"?)/gi;

export function withoutSecrets(line: string): string {
  return line.replaceAll(secret, "$1$2***");
}

export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

export function cut(line: string, length: number): string {
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
