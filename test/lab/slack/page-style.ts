export const pageStyle = `
:root { --ink:#1d1c1d; --soft:#616061; --line:#e2e2e2; --blue:#1264a3; --bar:#3f0e40; }
* { box-sizing:border-box; }
body { margin:0; color:var(--ink); background:#fff; font:15px/1.466 Lato,"Slack-Lato","Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif; }
.app-grid { display:grid; grid-template-columns:190px minmax(0,1fr); min-height:100vh; }
nav { background:var(--bar); color:#cfc3cf; padding:14px 0; font-size:15px; }
nav .workspace { color:#fff; font-weight:900; font-size:18px; padding:0 16px 14px; border-bottom:1px solid #5c3a5d; margin-bottom:14px; }
nav .group { padding:4px 16px; font-size:13px; }
nav .item { padding:4px 16px; }
nav .item.on { background:#1164a3; color:#fff; }
header.channel { position:sticky; top:0; z-index:2; display:flex; align-items:center; gap:10px; background:#fff; border-bottom:1px solid var(--line); padding:11px 20px; }
header.channel b { font-size:18px; font-weight:900; }
header.channel .topic { color:var(--soft); font-size:13px; overflow:hidden; text-overflow:ellipsis; white-space:nowrap; flex:1; }
#command { position:sticky; bottom:0; background:#fff; padding:10px 20px; } #command input { width:100%; padding:9px 12px; border:1px solid var(--line); border-radius:8px; font:inherit; }
header.channel label { color:var(--soft); font-size:13px; white-space:nowrap; }
select { font:inherit; font-size:13px; padding:3px 6px; border:1px solid #bbb; border-radius:4px; background:#fff; }
.empty { color:var(--soft); padding:40px 20px; text-align:center; }
.root { padding:10px 0 6px; }
.root + .root { border-top:1px solid var(--line); }
.message { display:flex; gap:9px; padding:7px 20px; }
.message:hover { background:#f8f8f8; }
.message:target { background:#fdf6dd; }
.avatar { flex:none; width:36px; height:36px; border-radius:5px; background:#0b5c53; display:grid; place-items:center; }
.avatar svg { width:24px; height:24px; fill:none; stroke:#d9fff4; stroke-width:1.7; }
.content { min-width:0; flex:1; }
.who { display:flex; align-items:baseline; gap:6px; }
.who b { font-weight:900; }
.app { font-size:10px; font-weight:700; color:var(--soft); background:#ececec; border-radius:2px; padding:1px 3px; align-self:center; }
.only { color:var(--soft); font-size:13px; }
time, .edited { color:var(--soft); font-size:12px; }
h2 { font-size:18px; line-height:1.33; font-weight:900; margin:4px 0 8px; overflow-wrap:anywhere; }
.section { margin:0 0 8px; max-width:680px; overflow-wrap:anywhere; }
p { margin:2px 0; overflow-wrap:anywhere; }
.fields { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:8px 16px; max-width:640px; margin:0 0 10px; overflow-wrap:anywhere; }
.context { color:var(--soft); font-size:13px; margin:4px 0 8px; max-width:680px; overflow-wrap:anywhere; }
pre { margin:4px 0; padding:8px; background:#f8f8f8; border:1px solid #dddddd; border-radius:4px; font:12px/1.5 Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace; white-space:pre-wrap; overflow-wrap:anywhere; max-width:680px; }
code { font:12px Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace; color:#c01343; background:#f8f8f8; border:1px solid #ddd; border-radius:3px; padding:1px 3px; }
.mention { background:#e8f1fa; color:var(--blue); border-radius:3px; padding:0 2px; }
a { color:var(--blue); text-decoration:none; }
.actions { display:flex; gap:8px; margin:6px 0 8px; }
button { font:inherit; font-weight:700; font-size:13px; padding:5px 12px; border-radius:4px; border:1px solid #bbb; background:#fff; color:var(--ink); cursor:pointer; }
button.primary { background:#007a5a; border-color:#007a5a; color:#fff; }
button.danger { background:#e01e5a; border-color:#e01e5a; color:#fff; }
button:disabled { opacity:.55; cursor:default; }
details.thread { margin:2px 0 4px 38px; border-left:2px solid var(--line); }
details.thread summary { cursor:pointer; color:var(--blue); font-size:13px; font-weight:700; padding:3px 20px; list-style-position:inside; }
dialog { border:0; border-radius:8px; padding:22px 26px; width:480px; max-width:90vw; box-shadow:0 8px 40px #0006; }
dialog::backdrop { background:#0007; }
dialog h3 { margin:0 0 10px; font-size:20px; }
dialog menu { display:flex; justify-content:flex-end; gap:8px; padding:0; margin:20px 0 0; }
#warning { position:fixed; left:50%; bottom:20px; transform:translateX(-50%); background:#1d1c1d; color:#fff; padding:9px 16px; border-radius:6px; font-size:14px; }
#warning:empty { display:none; }
@media (max-width:700px) { .app-grid { grid-template-columns:minmax(0,1fr); } nav { display:none; } }
`;
