import type { BrowserPage } from './page.js'

/**
 * Gives the page an authenticator that keeps passkeys, and a user who agrees to everything at once: what the platform
 * of a phone does, made by Chromium itself. It is gone with the page. Web Authentication Level 3, 11: "User Agent Automation".
 */
export async function addPasskeyDevice({
  playwright,
}: Pick<BrowserPage<unknown>, 'playwright'>): Promise<void> {
  const session = await playwright.context().newCDPSession(playwright)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
