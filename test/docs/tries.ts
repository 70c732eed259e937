/** An edit that a page proposes to its readers, and what they must then see. */
export interface Try {
  /** Page below docs/prototypes. */
  readonly page: string;
  readonly stack: string;
  /** Text of the stack file, and what it is changed to; the page names both. */
  readonly from: string;
  readonly to: string;
  /** In the mistakes told, the findings, or the answers that differ. */
  readonly seen: RegExp;
}

export const tries: readonly Try[] = [
  {
    page: "learn-01.md",
    stack: "learn-01",
    from: "host: apple.foo.com",
    to: "host: pear.foo.com",
    seen: /GET http:\/\/apple\.foo\.com\/apple: body: "apple-path"/,
  },
  {
    page: "learn-01.md",
    stack: "learn-01",
    from: "tls: { mode: Terminate, issuer: mango-ca }",
    to: "tls: { mode: Passthrough }",
    seen: /learn:apps\.mango.*TLS/,
  },
  {
    page: "learn-01.md",
    stack: "learn-01",
    from: "host: banana.foo.com",
    to: "host: apple.foo.com, class: ngin",
    seen: /I1/,
  },
  {
    page: "learn-02.md",
    stack: "learn-02",
    from: "foo-dot-com: { allowedDomains: [foo.com] }",
    to: "foo-dot-com: { allowedDomains: [bar.com] }",
    seen: /W36.*does not allow papaya\.foo\.com/,
  },
  {
    page: "learn-02.md",
    stack: "learn-02",
    from: "names: [www.example.com]",
    to: "names: [www.example.com, example.com]",
    seen: /W36.*does not allow example\.com/,
  },
  {
    page: "learn-03.md",
    stack: "learn-03-01",
    from: "{ path: /api/v1/products }",
    to: "{ exact: /api/v1/products/0 }",
    seen: /GET http:\/\/localhost:8080\/api\/v1\/products: status: 404/,
  },
  {
    page: "learn-03.md",
    stack: "learn-03-03",
    from: "routes: [{ path: /mango }]",
    to: "routes: [{ path: /mango, listener: https }]",
    seen: /GET http:\/\/mango\.example\.com\/mango: status: 404/,
  },
  {
    page: "learn-03.md",
    stack: "learn-03-04",
    from: "https: { protocol: HTTPS, port: 443, hostname: mango.example.com,",
    to: 'https: { protocol: HTTPS, port: 443, hostname: "*.example.com",',
    seen: /GET https:\/\/other\.example\.com\/mango: /,
  },
  {
    page: "learn-03.md",
    stack: "learn-03-05",
    from: "tls: { mode: Passthrough }",
    to: "tls: { mode: Terminate, issuer: nginx-ca }",
    seen: /W16.*takes no HTTPRoute/,
  },
  {
    page: "learn-03.md",
    stack: "learn-03-07",
    from: "service: { name: my-nginx }",
    to: "service: { name: my-nginx, targetPort: 8443 }",
    seen: /W29/,
  },
  {
    page: "learn-04.md",
    stack: "learn-04",
    from: ", allowedRoutes: All",
    to: "",
    seen: /W15.*NotAllowedByListeners/,
  },
  {
    page: "learn-04.md",
    stack: "learn-04",
    from: 'hostname: "*.example.com"',
    to: 'hostname: "*.example.org"',
    seen: /W21/,
  },
  {
    page: "learn-05.md",
    stack: "learn-05",
    from: "nginx-issuer: { namespace: nginx, vault: { mount: pki_int, allowedDomains: [example.com] } }",
    to: "nginx-issuer: { namespace: nginx, vault: { mount: pki_int, allowedDomains: [example.org] } }",
    seen: /W36.*does not allow nginx\.example\.com/,
  },
  {
    page: "learn-05.md",
    stack: "learn-05",
    from: "nginx-issuer: { namespace: nginx, vault: { mount: pki_int, allowedDomains: [example.com] } }",
    to: "nginx-issuer: { namespace: nginx, vault: { mount: pki_int, allowedDomains: [example.com], audience: vault } }",
    seen: /W36.*expects audience vault/,
  },
  {
    page: "learn-05.md",
    stack: "learn-05",
    from: "allowIpSans: true",
    to: "allowIpSans: false",
    seen: /W36.*allows no IP addresses/,
  },
  {
    page: "learn-06.md",
    stack: "learn-06",
    from: "key: key1, resources",
    to: "key: key2, resources",
    seen: /etcd.*k8s:enc:secretbox:v1:key2:/,
  },
];
