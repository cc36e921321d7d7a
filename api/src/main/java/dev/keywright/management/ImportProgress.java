package dev.keywright.management;

/**
 * Progress of an import.
 *
 * @param done the number of processed rows
 * @param imported the number of imported rows
 * @param alreadyThere the number of rows whose key existed; these keys are unchanged
 * @param refused the number of refused rows
 */
public record ImportProgress(long done, long imported, long alreadyThere, long refused) {}
