package org.cgifpm.daemon.supervisor.checks;

/**
 * A symbolic link that a walk to a script has followed.
 *
 * @param path where the link lies, ISO-8859-1, for people
 * @param owner the user number of the link itself
 * @param targetOwner the user number of what it leads to in the end, after all links that it leads through
 */
public record Link(String path, int owner, int targetOwner) {
    public Link leadingTo(int theTargetsOwner) {
        return new Link(path, owner, theTargetsOwner);
    }
}
