"""Strings that have broken programs, by what each tries: whoever sends a text, a link or a file may send these.

Each one that would run as a script calls `pwned`, and each that would fetch something asks `evil.invalid`: where
neither is seen, none of them was anything but text. Surrogates cannot go through a link; they are in `IN_FILES`.
"""

SCRIPTS = {
    "script": "<script>pwned('script')</script>",
    "end of a script": "</script><script>pwned('end')</script>",
    "image": "<img src=x onerror=pwned('img')>",
    "quoted attribute": "\" autofocus onfocus=\"pwned('attribute')",
    "other quotes": "' onmouseover='pwned(1)' x='",
    "drawing": "</style></title></textarea><svg onload=pwned('svg')>",
    "frame": "<iframe srcdoc=\"<script>parent.pwned('frame')</script>\"></iframe>",
    "link": "<a href=javascript:pwned('a')>a</a> javascript:pwned('url')",
    "template": "`${pwned('template')}` {{constructor.constructor('pwned()')()}}",
    "end of a string": "\\u0022);pwned('json');//\u2028\u2029",
    "foreign style": "</style><style>@import 'https://evil.invalid/style.css';</style>",
    "foreign image": "<img src=https://evil.invalid/image.png>",
    "base": "<base href=https://evil.invalid/><meta http-equiv=refresh content='0;url=https://evil.invalid/'>",
    "comment": "--><script>pwned('comment')</script><!--",
}
MARKUP = {
    "markdown": "**b** _i_ # h\n- l\n> q\n| a | b |\n|---|---|\n`c` ```d",
    "markdown link": "[a](https://evil.invalid/a) <https://evil.invalid/b> [c](javascript:pwned('markdown'))",
    "markdown image": "![a](https://evil.invalid/markdown.png)",
    "formula": "$\\href{javascript:pwned('tex')}{x}$ $$\\def\\x{\\x\\x}\\x$$ \\input{/etc/passwd}",
    "shortcodes": ":smile: :material/bug_report: :red[r] :streamlit: :small[s]",
    "directive": '#set page(width: 1pt) #read("/etc/passwd") @import url(https://evil.invalid/typst)',
    "formula of a table": "=HYPERLINK(\"https://evil.invalid/\") @SUM(1) +1+cmd|' /C calc'!A0",
}
FORMATS = {
    "python": "{0} {x} {self.__class__.__mro__} {:>999999999}",
    "percent": "%s %n %(x)s %99999999d %",
    "jinja": "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "sql": "'; DROP TABLE texts; -- \" OR 1=1",
    "shell": "$(id) `id` ; id | id & %PATH%",
    "path": "../../../../etc/passwd C:\\Windows\\..\\x file:///etc/passwd \\\\evil.invalid\\x",
    "special tokens": "[CLS] [SEP] [MASK] [PAD] <s> </s> <pad> <|endoftext|> ▁ ##a",
}
CHARACTERS = {
    "nul": "a\x00b",
    "controls": "\x01\x07\x08\x1b[31m\x7f\x80\x9f\ufffe\uffff",
    "bidi": "\u202eevil\u202c \u2066\u2067\u2068\u2069 \u200f\u061c אב \u202dcba",
    "invisible": "\ufeff\u200b\u200c\u200d\u2060\u00ad\U000e0041\U000e007f",
    "marks": "Z" + "\u0300\u0316\u0489" * 100,
    "marks alone": "\u0301\u0302 \u20dd",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇨🇳" + "\U0001f3ff" * 9,
    "wide": "﷽𒐫꧅ 𝕏 Ａ ㍿ ﬃ",
    "unassigned": "\u0378\U0003fffd\ue000\U0010ffff",
    "case": "İıſKß ΐ",
}
LENGTHS = {
    "long word": "w" * 3_000,
    "long word of marks": "é̂" * 300,
    "spaces": "\u00a0\u2003\u3000" * 60 + "x",
    "lines": "\n" * 60 + "\r\r\n\x0b\x0c\x85",
}
IN_LINKS = {**SCRIPTS, **MARKUP, **FORMATS, **CHARACTERS, **LENGTHS}
IN_FILES = {
    **IN_LINKS,
    "high surrogate": "a\ud800b",
    "low surrogate": "\udfff",
    "surrogates in the wrong order": "\udc00\ud800",
}

# Names of the lessons' own tokens are short: what fits there.
SHORT = (
    "<svg onload=pwned()>",
    "<img src=x onerror=1",
    "$x$ **b** `c` :red[r",
    "\u202e\u0301\ufeffx",
    "{0}%s{{7*7}}",
)
