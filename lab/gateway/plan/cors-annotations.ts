import { RE2JS } from "re2js";
import type { IngressCors } from "../matching/ingress-cors.ts";

// Defaults and what is well-formed: internal/ingress/annotations/cors/main.go of kubernetes/ingress-nginx.
const METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const HEADERS =
  "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
const MAX_AGE = 1728000;
const GOOD_ORIGINS = RE2JS.compile("((((([a-z]+://)?(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?,?)|null)+)|\\*)?");
const GOOD_ORIGIN = RE2JS.compile("([a-z]+://(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?|\\*|null)?");
const GOOD_METHODS = RE2JS.compile("([A-Za-z]+,?\\s?)+");
const GOOD_HEADERS = RE2JS.compile("[A-Za-z0-9-_, ]*");
const GOOD_EXPOSED = RE2JS.compile("(([A-Za-z0-9\\-_]+|\\*),?\\s?)+");

/** Reads `enable-cors` and what belongs to it; a malformed value counts as its default, as in the controller. */
export function readCors(get: (name: string) => string | undefined): IngressCors | undefined {
  if (get("enable-cors") !== "true") return undefined;
  const good = (name: string, pattern: RE2JS, usual: string) => {
    const value = get(name);
    return value !== undefined && value !== "" && pattern.matches(value) ? value : usual;
  };
  const exposed = good("cors-expose-headers", GOOD_EXPOSED, "");
  const maxAge = get("cors-max-age") ?? "";
  return {
    origins: readOrigins(get("cors-allow-origin") ?? ""),
    headers: {
      ...(get("cors-allow-credentials") === "false" ? {} : { "access-control-allow-credentials": "true" }),
      "access-control-allow-methods": good("cors-allow-methods", GOOD_METHODS, METHODS),
      "access-control-allow-headers": good("cors-allow-headers", GOOD_HEADERS, HEADERS),
      ...(exposed === "" ? {} : { "access-control-expose-headers": exposed }),
      "access-control-max-age": /^-?\d+$/.test(maxAge) ? maxAge : String(MAX_AGE),
    },
  };
}

function readOrigins(written: string): IngressCors["origins"] {
  const compact = written.replace(/ /g, "");
  if (compact === "" || !GOOD_ORIGINS.matches(compact)) return "*";
  const origins = written.split(",").map((origin) => origin.trim());
  if (origins.includes("*")) return "*";
  return origins.filter((origin) => origin !== "" && GOOD_ORIGIN.matches(origin)).map(originExpression);
}

/**
 * An origin such as https://*.example.com, in which "*" stands for one label. Compared without case and from the end, as
 * nginx does it: what stands before the origin does not matter.
 */
function originExpression(allowed: string): RegExp {
  const pattern = allowed.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace("*", "[A-Za-z0-9-]+");
  return new RegExp(`${pattern}$`, "i");
}
