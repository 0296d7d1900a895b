/** Title and icon of the browser tab: a ringing phone shows even when another tab is in front. */

const ICON_CALM = iconOf('#264b7a', '');
const ICON_RINGING = iconOf('#0b7d5c', "<circle cx='25' cy='7' r='7' fill='%23ffb020'/>");

export function drawAttention(title: string, isRinging: boolean): void {
  document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = isRinging ? ICON_RINGING : ICON_CALM;
  if (icon && icon.href !== href) icon.href = href;
}

function iconOf(ground: string, badge: string): string {
  return (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
    `<rect width='32' height='32' rx='8' fill='${ground}'/>`.replace('#', '%23') +
    "<path d='M9 16h14M17 10l6 6-6 6' fill='none' stroke='white' stroke-width='3.4' stroke-linecap='round' stroke-linejoin='round'/>" +
    `${badge}%3C/svg%3E`
  );
}
