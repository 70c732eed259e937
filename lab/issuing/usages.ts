import type { KeyUsage } from "./x509.ts";

/** Usages of keys under the names that cert-manager ("server auth") and the tls provider ("server_auth") give them. */
const KEY_USAGES: Record<string, KeyUsage> = {
  signing: "digitalSignature",
  "digital signature": "digitalSignature",
  "content commitment": "nonRepudiation",
  "key encipherment": "keyEncipherment",
  "data encipherment": "dataEncipherment",
  "key agreement": "keyAgreement",
  "cert sign": "keyCertSign",
  "cert signing": "keyCertSign",
  "crl sign": "cRLSign",
  "crl signing": "cRLSign",
  "encipher only": "encipherOnly",
  "decipher only": "decipherOnly",
};

/** RFC 5280 §4.2.1.12 and Microsoft's and Netscape's own. */
const EXTENDED_KEY_USAGES: Record<string, string> = {
  any: "2.5.29.37.0",
  "any extended": "2.5.29.37.0",
  "server auth": "1.3.6.1.5.5.7.3.1",
  "client auth": "1.3.6.1.5.5.7.3.2",
  "code signing": "1.3.6.1.5.5.7.3.3",
  "email protection": "1.3.6.1.5.5.7.3.4",
  "s/mime": "1.3.6.1.5.5.7.3.4",
  "ipsec end system": "1.3.6.1.5.5.7.3.5",
  "ipsec tunnel": "1.3.6.1.5.5.7.3.6",
  "ipsec user": "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  "ocsp signing": "1.3.6.1.5.5.7.3.9",
  "microsoft sgc": "1.3.6.1.4.1.311.10.3.3",
  "netscape sgc": "2.16.840.1.113730.4.1",
};

export const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
export const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** The two sorts of usages apart; a name that is neither is left out. */
export function readUsages(names: readonly string[]): { key: KeyUsage[]; extended: string[] } {
  const plain = names.map((name) => name.replaceAll("_", " "));
  return {
    key: plain.map((name) => KEY_USAGES[name]).filter((usage) => usage !== undefined),
    extended: plain.map((name) => EXTENDED_KEY_USAGES[name]).filter((usage) => usage !== undefined),
  };
}
