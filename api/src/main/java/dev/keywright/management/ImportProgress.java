package dev.keywright.management;

/**
 * How far an import has come.
 *
 * @param done how many rows have been dealt with
 * @param imported how many of them were taken in
 * @param alreadyThere how many of them were there already, and are left as they are
 * @param refused how many of them were refused
 */
public record ImportProgress(long done, long imported, long alreadyThere, long refused) {}
