import { ThrowAwayAuthority } from "../../lab/gateway/certificates/throw-away.ts";

const { chain, key } = await (await ThrowAwayAuthority.create()).issue(["shared.example.com"]);

/** The entries of a TLS Secret, made anew for each run; the certificate is for shared.example.com. */
export const PEM_PAIR = { "tls.crt": chain, "tls.key": key } as const;
