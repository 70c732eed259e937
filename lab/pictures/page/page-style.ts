import { FONT, MONO, PICTURE_RULES, paper, themes } from "../style.ts";

const NARROW = "@media (max-width:720px)";

/** The ground of highlighted lines; text and accent on it have the contrast of {@link themes}, too. */
export const MARK = { light: "#fff0c2", dark: "#4a3c10" } as const;

/** The page's whole style. Lines are short enough for 400 pixels; motion only where it is welcome. */
export const PAGE_STYLE = `${themes(":root")}
${paper(":root")}
:root{--mark:${MARK.light}}@media (prefers-color-scheme:dark){:root{--mark:${MARK.dark}}}
${PICTURE_RULES}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 ${FONT};-webkit-text-size-adjust:100%}
header,main{max-width:1480px;margin:0 auto;padding:0 24px}
header{padding-top:28px}
main{padding-bottom:64px}
h1,h2,h3,.story{overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;margin:36px 0 8px}
.story{max-width:78ch;margin:0 0 12px}
.hint,.quiet{color:var(--quiet)}
.hint{margin:0 0 10px;max-width:90ch;font-size:.94rem}
code,pre,textarea,#url{font-family:${MONO};font-size:.88rem}
code{overflow-wrap:anywhere}
.skip{position:absolute;left:-999px;top:0;background:var(--ground);color:var(--accent);padding:8px 14px;z-index:20}
.skip:focus{left:8px;top:8px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
section:focus{outline:none}
.summary{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:8px}
.summary li{border:1px solid;border-radius:999px;padding:1px 12px;font-size:.92rem;font-weight:600}
.good{color:var(--good)}.bad{color:var(--broken)}.warn{color:var(--warning)}
#request{background:var(--surface);border:1px solid var(--lane-edge);border-radius:12px;padding:4px 18px 16px;margin-top:24px}
#request h2{margin-top:12px}
form{display:flex;flex-wrap:wrap;gap:10px 12px;align-items:flex-end}
.field{margin:0;display:flex;flex-direction:column;gap:3px;min-width:0}
.field.grow{flex:1 1 320px}
.field.buttons{flex-direction:row;gap:8px}
details.field{flex-basis:100%;display:block}
summary{cursor:pointer;color:var(--accent);width:fit-content}
label{font-size:.88rem;color:var(--quiet)}
input,select,textarea,button{font:inherit;color:inherit;background:var(--box);border:1px solid var(--box-edge);border-radius:8px;padding:6px 10px;min-height:38px;max-width:100%}
#url,textarea{width:100%;font-family:${MONO};font-size:.88rem}
button{cursor:pointer;background:var(--accent);border-color:var(--accent);color:var(--ground);font-weight:600}
button.plain{background:transparent;color:var(--accent);font-weight:500}
td button.plain,th button.plain{min-height:28px;padding:0 10px;font-size:.86rem}
#result:not(:empty){margin-top:14px;border-left:4px solid var(--accent);padding:2px 0 2px 14px}
#result.good{border-color:var(--good)}#result.bad{border-color:var(--broken)}
#result p{margin:0;font-weight:600}
#result ol{margin:4px 0 0;padding-left:22px;color:var(--text);font-weight:400}
.legend{list-style:none;margin:0 0 10px;padding:0;display:flex;flex-wrap:wrap;gap:2px 26px;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:8px}
.swatch{flex:none}
.swatch .core{stroke:var(--ground)}
.scroll{overflow-x:auto;border:1px solid var(--lane-edge);border-radius:12px;background:var(--ground)}
.scroll svg{display:block}
@media (min-width:1100px){.scroll svg{max-width:100%;height:auto}}
.box[tabindex]{cursor:pointer}
.box:focus{outline:none}
.box:hover .body{stroke:var(--accent)}
.box:focus-visible .body,.box[aria-expanded=true] .body{stroke:var(--accent);stroke-width:3.5}
.lighting .box:not(.lit),.lighting .wire:not(.lit),.lighting .label:not(.lit){opacity:.22}
.lighting .box.lit .body{stroke:var(--accent);stroke-width:2.5}
.wire.lit path{stroke-width:4}
.wire-passthrough.lit path{stroke-width:7}.wire-passthrough.lit .core{stroke-width:2.6}
@media (prefers-reduced-motion:no-preference){.box,.wire,.label{transition:opacity .18s}}
table{border-collapse:collapse;width:100%;font-size:.94rem;margin-top:8px}
caption{text-align:left;color:var(--quiet);padding:6px 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-bottom:1px solid var(--lane-edge);font-weight:400}
td.chain-cell{min-width:14rem}
@media (min-width:1100px){.nowrap{white-space:nowrap}td.chain-cell{min-width:24rem}}
td,th{overflow-wrap:anywhere;min-width:8rem}
.answers th[scope=row]{min-width:13rem}
@media (min-width:1200px){.answers th[scope=row]{min-width:25rem}}
thead th{color:var(--quiet);font-size:.86rem;font-weight:600}
td.good,td.bad{white-space:nowrap;font-weight:600}
.chain{margin:0;padding-left:20px}
.findings,.paths{list-style:none;margin:0;padding:0;display:grid;gap:10px}
.findings li{border-left:4px solid var(--warning);padding:2px 0 2px 14px}
.findings li.error{border-color:var(--broken)}
.findings p{margin:0;max-width:100ch;overflow-wrap:anywhere}
.severity{color:var(--quiet)}.fix{color:var(--quiet)}
.paths{grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr))}
.path{border:1px solid var(--lane-edge);border-radius:10px;padding:10px 14px;background:var(--surface)}
.path.broken{border-color:var(--broken)}
.path ol{list-style:none;margin:0;padding:0;font-size:.92rem}
.path ol li+li{margin-top:3px}
.path ol li::before{content:"→ ";color:var(--quiet)}
.state{font-size:.78rem;font-weight:700;border:1px solid;border-radius:999px;padding:0 8px}
.state-clear{color:var(--clear)}.state-tls-to-gateway{color:var(--tls)}.state-passthrough{color:var(--through)}
.state-mesh-mtls{color:var(--mesh)}.state-backend-tls{color:var(--backend)}.state-broken{color:var(--broken)}
#panel{position:fixed;inset:0 0 0 auto;width:min(560px,100vw);background:var(--ground);border-left:1px solid var(--box-edge);box-shadow:-12px 0 32px rgb(0 0 0/.18);overflow:auto;padding:0 20px 28px;z-index:10}
#panel[hidden]{display:none}
.panel-head{position:sticky;top:0;display:flex;gap:12px;justify-content:space-between;align-items:center;background:var(--ground);padding:14px 0 10px}
.panel-head h2{margin:0;overflow-wrap:anywhere}
#panel pre{background:var(--surface);border:1px solid var(--lane-edge);border-radius:8px;padding:12px;overflow:auto;line-height:1.45;margin:6px 0 0}
#panel h3{font-size:.95rem;margin:16px 0 0}
.from{border-left:4px solid var(--accent);padding:2px 0 2px 12px;margin:4px 0 0}
.from code{display:block}
#panel mark{display:block;width:max-content;min-width:100%;background:var(--mark);color:inherit;box-shadow:-4px 0 0 var(--accent)}
.said,.names{list-style:none;margin:0;padding:0}
.said li+li{margin-top:6px}
.value{display:block;font-weight:600;overflow-wrap:anywhere}
.where{display:block;font-size:.86rem;line-height:1.45;color:var(--quiet);overflow-wrap:anywhere;text-align:left}
button.where{font-family:${MONO};font-size:.82rem;background:transparent;border:0;border-radius:4px;padding:1px 0;min-height:24px;font-weight:400;color:var(--accent);text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:3px}
button.where:hover,button.where[aria-expanded=true]{text-decoration-thickness:2px}
.app-facts{border-bottom:1px solid var(--lane-edge);padding:8px 0}
.app-facts table{margin:4px 0 8px}
.app-facts tr:last-child>*{border-bottom:0}
.facts th{width:11rem;color:var(--quiet)}
.moves{table-layout:fixed}
.moves th:first-child{width:11rem}
.moves th[scope=row]{font-weight:600}
.moves th[scope=row] .state{display:block;width:fit-content;margin-top:3px}
.moves td:last-child,.moves th:last-child{padding-right:0}
.move-moved{color:var(--tls)}.move-changed{color:var(--clear)}.move-added{color:var(--good)}.move-removed{color:var(--broken)}.move-same{color:var(--quiet)}
main>.hint:first-child{margin-top:18px}
.stories{margin:0 0 14px;display:grid;gap:6px;max-width:100ch}
.stories dt{font-weight:600}.stories dd{margin:0}
.contents{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:6px 16px}
.contents a{display:inline-block;padding:3px 0}
a{color:var(--accent)}
.names{columns:22rem auto;column-gap:28px}
.names li{break-inside:avoid}
h3{font-size:1rem;margin:16px 0 4px}
${NARROW}{
header,main{padding-left:16px;padding-right:16px}
#request{padding:4px 12px 14px}
.field.buttons{flex-basis:100%}
.field.buttons button{flex:1}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,tbody,tr,th,td,caption{display:block}
tr{border-bottom:1px solid var(--lane-edge);padding:8px 0}
th,td{border:0;padding:2px 0}
td,th,td.chain-cell,.answers th[scope=row]{min-width:0;overflow-wrap:anywhere}
td[data-label]::before{content:attr(data-label) ": ";color:var(--quiet);font-weight:400}
}
@media print{
#request,.hint,#panel,.skip,button[data-request]{display:none}
.scroll{overflow:visible}.scroll svg{max-width:100%;height:auto}
tr,.path,.scroll{break-inside:avoid}h2,h3{break-after:avoid}
button.where{color:var(--text);text-decoration:none}
}
`;
