// Where a page is not served over https, browsers give it no clipboard: then the old way, then the link itself.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".copy");
  const status = element("span");
  status.setAttribute("role", "status");
  const link = element("input");
  link.readOnly = true;
  link.hidden = true;
  link.setAttribute("aria-label", data.link);
  const copy = button("", data.label, async () => {
    const address = new URL(window.location.pathname, window.location.origin);
    address.search = data.query;
    link.value = address.href;
    let copied = false;
    try {
      await navigator.clipboard.writeText(address.href);
      copied = true;
    } catch {
      link.hidden = false;
      link.focus();
      link.select();
      copied = document.execCommand("copy");
    }
    link.hidden = copied;
    if (copied) copy.focus();
    status.textContent = copied ? data.done : data.failed;
  });
  root.replaceChildren(copy, status, link);
}
