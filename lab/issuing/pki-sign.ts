import { allowsCommonName, firstForbidden, globMatches } from "./pki-names.ts";
import type { PkiRole } from "./pki-role.ts";
import { CLIENT_AUTH, SERVER_AUTH } from "./usages.ts";
import type { CertificateContent, KeyKind } from "./x509.ts";

/** What a signing request asks Vault for; names are those of the CSR, which roles use by default. */
export interface SigningRequest {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly key: KeyKind;
  /** Lifetime asked for; 0 = leave it to the role. */
  readonly ttlSeconds: number;
}

/** The authority that would sign, as far as it limits lifetimes. */
export interface SignerLimits {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The mount's default and longest lease, for a role and request without lifetimes. */
  readonly defaultTtlSeconds: number;
  readonly maxTtlSeconds: number;
}

export type SigningDecision =
  | { readonly content: CertificateContent; readonly warnings: readonly string[] }
  | { readonly refused: string };

/**
 * What Vault's `sign/<role>` makes of a request: the certificate's content, or its refusal in Vault's own words.
 * Checks come in Vault's order: key, names, IP addresses, URIs, lifetime.
 * @see https://github.com/hashicorp/vault/blob/main/builtin/logical/pki/issuing/sign_cert.go
 */
export function decideSigning(
  role: PkiRole,
  request: SigningRequest,
  signer: SignerLimits,
  now: Date,
): SigningDecision {
  const refused = keyRefusal(role, request.key) ?? nameRefusal(role, request) ?? addressRefusal(role, request);
  if (refused !== undefined) return { refused };
  const lifetime = decideLifetime(role, request.ttlSeconds, signer, now);
  if ("refused" in lifetime) return lifetime;
  return {
    warnings: lifetime.warnings,
    content: {
      subject: request.commonName === "" ? [] : [["CN", request.commonName]],
      dnsNames: [...new Set(request.dnsNames)].sort(),
      ipAddresses: request.ipAddresses,
      uris: request.uris,
      notBefore: new Date(now.getTime() - role.notBeforeSeconds * 1000),
      notAfter: lifetime.notAfter,
      // A role's defaults: DigitalSignature, KeyAgreement, KeyEncipherment; no basic constraints on a leaf.
      keyUsages: ["digitalSignature", "keyAgreement", "keyEncipherment"],
      extendedKeyUsages: [...(role.serverFlag ? [SERVER_AUTH] : []), ...(role.clientFlag ? [CLIENT_AUTH] : [])],
      basicConstraints: false,
    },
  };
}

function keyRefusal({ keyType, keyBits }: PkiRole, key: KeyKind): string | undefined {
  const type = { RSA: "rsa", ECDSA: "ec", Ed25519: "ed25519" }[key.algorithm];
  if (keyType !== "any" && keyType !== type) return `role requires keys of type ${keyType}`;
  if (key.algorithm === "Ed25519") return undefined;
  if (key.algorithm === "RSA" && keyType === "any" && key.size < 2048) {
    return "RSA keys < 2048 bits are unsafe and not supported";
  }
  // With key_type=any the role's own key_bits are passed over, and P-224 is still let through.
  const least = keyType === "any" ? (type === "ec" ? 224 : 2048) : keyBits || (type === "ec" ? 256 : 2048);
  if (key.size < least) return `role requires a minimum of a ${least}-bit key, but CSR's key is ${key.size} bits`;
  return undefined;
}

function nameRefusal(role: PkiRole, { commonName, dnsNames }: SigningRequest): string | undefined {
  if (commonName === "" && role.requireCn) {
    return 'the common_name field is required, or must be provided in a CSR with "use_csr_common_name" set to true, unless "require_cn" is set to false';
  }
  if (commonName !== "" && !allowsCommonName(role, commonName)) {
    return `common name ${commonName} not allowed by this role`;
  }
  const forbidden = firstForbidden(role, dnsNames);
  return forbidden === undefined ? undefined : `subject alternate name ${forbidden} not allowed by this role`;
}

function addressRefusal(role: PkiRole, { ipAddresses, uris }: SigningRequest): string | undefined {
  if (ipAddresses.length > 0 && !role.allowIpSans) {
    return "IP Subject Alternative Names are not allowed in this role, but was provided some via CSR";
  }
  if (uris.length > 0 && role.allowedUriSans.length === 0) {
    return "URI Subject Alternative Names are not allowed in this role, but were provided via CSR";
  }
  const bad = uris.some((uri) => !role.allowedUriSans.some((allowed) => globMatches(allowed, uri)));
  return bad ? "URI Subject Alternative Names were provided via CSR which are not valid for this role" : undefined;
}

function decideLifetime(
  role: PkiRole,
  requested: number,
  signer: SignerLimits,
  now: Date,
): { notAfter: Date; warnings: string[] } | { refused: string } {
  const longest = role.maxTtlSeconds || signer.maxTtlSeconds;
  const wanted = requested || role.ttlSeconds || signer.defaultTtlSeconds;
  const warnings =
    wanted > longest
      ? [
          `TTL "${goDuration(wanted)}" is longer than permitted maxTTL "${goDuration(longest)}", so maxTTL is being used`,
        ]
      : [];
  const notAfter = new Date(now.getTime() + Math.min(wanted, longest) * 1000);
  if (notAfter > signer.notAfter) {
    return {
      refused: `cannot satisfy request, as TTL would result in notAfter of ${rfc3339(notAfter)} that is beyond the expiration of the CA certificate at ${rfc3339(signer.notAfter)}`,
    };
  }
  const notBefore = new Date(now.getTime() - role.notBeforeSeconds * 1000);
  if (notAfter < notBefore) return { refused: "notAfter before notBefore" };
  if (notBefore < signer.notBefore) return { refused: "notBefore before signer's notBefore" };
  return { notAfter, warnings };
}

/** Seconds as Go's time.Duration prints them ("2160h0m0s"). */
function goDuration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
}

/** RFC 3339 as Go's RFC3339Nano prints it: no zeros at the end of the fraction. */
function rfc3339(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, "Z");
}
