import type { Place, SeenRequest, StandInAnswer } from "./personality.ts";

/** The two pages of an nginx that was given no content of its own. */
export function nginx(request: SeenRequest, _place: Place): StandInAnswer {
  const path = request.url.split("?", 1)[0];
  if (path === "/" || path === "/index.html") return html(200, WELCOME);
  return html(404, page("404 Not Found", "<center><h1>404 Not Found</h1></center>\n<hr><center>nginx</center>"));
}

/** What nginx says to clear HTTP on a TLS port. @see https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors */
export const PLAIN_TO_TLS: StandInAnswer = html(
  400,
  page(
    "400 The plain HTTP request was sent to HTTPS port",
    "<center><h1>400 Bad Request</h1></center>\n<center>The plain HTTP request was sent to HTTPS port</center>",
  ),
);

const WELCOME = page(
  "Welcome to nginx!",
  "<h1>Welcome to nginx!</h1>\n<p>A stand-in for the welcome page of an nginx pod.</p>",
);

function page(title: string, body: string): string {
  return `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body>\n${body}\n</body>\n</html>\n`;
}

function html(status: number, body: string): StandInAnswer {
  return { status, headers: { "content-type": "text/html", server: "nginx" }, body };
}
