import { type Personality, plain, type StandInAnswer } from "./personality.ts";

const BOOK = { id: 0, title: "The Comedy of Errors" };
const LABEL = "A stand-in for Istio's bookinfo, which a rehearsal does not run.";

/** Small stand-ins for Istio's bookinfo services. @see https://istio.io/latest/docs/examples/bookinfo/ */
export function bookinfo(image: string): Personality {
  const [, part = "productpage", version = ""] = /examples-bookinfo-(\w+?)(?:-(v\d))?(?::|@|$)/.exec(image) ?? [];
  if (part === "productpage") return (request) => productPage(request.url.split("?", 1)[0] ?? "/");
  return (request) => {
    if (request.url === "/health") return json({ status: `${part} is healthy` });
    return json({
      "stand-in": part,
      ...(version === "" ? {} : { version }),
      request: `${request.method} ${request.url}`,
    });
  };
}

function productPage(path: string): StandInAnswer {
  if (path === "/productpage") return html("Simple Bookstore App", `<h1>${BOOK.title}</h1>\n<p>${LABEL}</p>`);
  if (path === "/") return html("Simple Bookstore App", `<p>${LABEL}</p>\n<a href="/productpage">Product page</a>`);
  if (path === "/login" || path === "/logout") {
    return { status: 302, headers: { location: "/productpage" }, body: "" };
  }
  if (path === "/api/v1/products") return json([BOOK]);
  if (/^\/api\/v1\/products\/\d+/.test(path)) return json({ ...BOOK, "stand-in": true });
  if (path.startsWith("/static/")) return { ...plain("/* stand-in */\n"), headers: { "content-type": "text/css" } };
  if (path === "/health") return plain("Product page is healthy");
  return html("404 Not Found", `<p>${LABEL}</p>`, 404);
}

function html(title: string, body: string, status = 200): StandInAnswer {
  const page = `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body>\n${body}\n</body>\n</html>\n`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: page };
}

function json(value: unknown): StandInAnswer {
  return { status: 200, headers: { "content-type": "application/json" }, body: `${JSON.stringify(value)}\n` };
}
