"""Make 404.html, the page that a host sends for an unknown address.

Its links work at any depth and wherever the site is hosted.
"""

# All links on the page are relative to the top folder of the site. This script finds that folder: the nearest one above
# that contains sw.js. Without JavaScript, the links start at the address of the site in _config.yml.
FIND_TOP = (
    'let p=location.pathname.split("/");for(p.pop();p.length;p.pop()){let u=p.join("/")+"/",x=new XMLHttpRequest;'
    'try{x.open("HEAD",u+"sw.js",false);x.send()}catch{}if(x.status==200){document.querySelector("base").href=u;break}}'
)
PAGE = "404"


def missing_page(app):
    context = {"title": "This page is not here", "find_top": FIND_TOP, "top": app.config.html_baseurl or "/"}
    return [(PAGE, context, "404.html")] if app.builder.format == "html" else []


def setup(app):
    app.connect("html-collect-pages", missing_page)
