/** What marks, in its description, an object of Harbor that may be changed and removed. What has no such mark stays. */
export const MANAGED = 'Managed by harbor-fleet: changes made by hand are undone';
