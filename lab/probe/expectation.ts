import type { Answer, Expectation } from "./model.ts";

/** One thing that is not as expected. */
export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

/** Compares an answer with what was expected; [] = as expected. */
export function differences(expect: Expectation | undefined, answer: Answer): Difference[] {
  if (expect === undefined) return [];
  const found: Difference[] = [];
  const differ = (field: string, expected: unknown, got: unknown) => {
    found.push({ field, expected: show(expected), got: show(got) });
  };
  if (expect.refused !== undefined && expect.refused !== (answer.status === 0)) {
    differ("refused", expect.refused, answer.status === 0 ? true : `status ${answer.status}`);
  }
  if (expect.status !== undefined && expect.status !== answer.status) {
    differ("status", expect.status, answer.error === undefined ? answer.status : `${answer.status}: ${answer.error}`);
  }
  if (expect.body !== undefined && expect.body.trim() !== answer.body.trim()) differ("body", expect.body, answer.body);
  if (expect.contains !== undefined && !answer.body.includes(expect.contains)) {
    differ("body contains", expect.contains, answer.body);
  }
  if (expect.backend !== undefined && expect.backend !== answer.backend) {
    differ("backend", expect.backend, answer.backend);
  }
  const location = answer.headers.location;
  if (expect.redirectTo !== undefined && expect.redirectTo !== location) {
    differ("redirectTo", expect.redirectTo, location);
  }
  if (expect.path !== undefined && !samePath(expect.path, answer.path)) differ("path", expect.path, answer.path);
  for (const [name, value] of Object.entries(expect.headers ?? {})) {
    const got = answer.headers[name.toLowerCase()] ?? null;
    if (got !== value) differ(`header ${name}`, value, got);
  }
  return found;
}

function samePath(expected: string | null, got: string | null): boolean {
  if (expected === got) return true;
  return expected !== null && got !== null && !expected.includes("?") && got.split("?", 1)[0] === expected;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 200 ? `${text.slice(0, 197)}…` : text;
}
