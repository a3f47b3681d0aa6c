package org.cgifpm.daemon.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.util.Set;
import org.cgifpm.daemon.log.LogText;

/** One command as the control socket carries it; each is a line of JSON with the members that its record has. */
sealed interface ControlCommand {
    /** {@code {"command": "ping"}}. */
    record Ping() implements ControlCommand {}

    /**
     * {@code {"command": "status", "pool": "legacy"}}.
     *
     * @param pool "" for all
     */
    record Status(String pool) implements ControlCommand {}

    /** {@code {"command": "list"}}. */
    record Running() implements ControlCommand {}

    /** {@code {"command": "reload"}}. */
    record Reload() implements ControlCommand {}

    /** {@code {"command": "stop", "now": true}}. */
    record Stop(boolean now) implements ControlCommand {}

    /** {@code {"command": "reopen-logs"}}. */
    record ReopenLogs() implements ControlCommand {}

    /** {@code {"command": "drain", "pool": "legacy", "wait": false}}; it waits unless it is told not to. */
    record Drain(String pool, boolean waits) implements ControlCommand {}

    /** {@code {"command": "kill", "id": 17}}. */
    record Kill(long id) implements ControlCommand {}

    /** {@code {"command": "kill", "uid": 1000}}. */
    record KillUser(int uid) implements ControlCommand {}

    /** A line is no command. */
    final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /** Whether it is worth a line in the log. */
    default boolean changesSomething() {
        return !(this instanceof Ping || this instanceof Status || this instanceof Running);
    }

    /** What is wanted, for the log. */
    default String words() {
        if (this instanceof Stop stop) {
            return stop.now() ? "stop --now" : "stop";
        } else if (this instanceof Drain drain) {
            return "drain " + LogText.ofBytes(drain.pool());
        } else if (this instanceof Kill kill) {
            return "kill " + kill.id();
        } else if (this instanceof KillUser kill) {
            return "kill --user " + Integer.toUnsignedString(kill.uid());
        } else if (this instanceof ReopenLogs) {
            return "reopen-logs";
        }
        return this instanceof Reload ? "reload" : "a question";
    }

    /** Reads a line; members that a command does not know are an error, so that a misspelt one is noticed. */
    static ControlCommand parse(String line) throws Unreadable {
        JsonObject object = object(line);
        String name = string(object, "command");
        return switch (name) {
            case "ping" -> only(object, Set.of(), new Ping());
            case "status" -> only(object, Set.of("pool"), new Status(object.has("pool") ? string(object, "pool") : ""));
            case "list" -> only(object, Set.of(), new Running());
            case "reload" -> only(object, Set.of(), new Reload());
            case "stop" -> only(object, Set.of("now"), new Stop(flag(object, "now", false)));
            case "reopen-logs" -> only(object, Set.of(), new ReopenLogs());
            case "drain" ->
                only(object, Set.of("pool", "wait"), new Drain(string(object, "pool"), flag(object, "wait", true)));
            case "kill" ->
                object.has("uid")
                        ? only(object, Set.of("uid"), new KillUser((int) number(object, "uid", 0xffff_ffffL)))
                        : only(object, Set.of("id"), new Kill(number(object, "id", Long.MAX_VALUE)));
            default -> throw new Unreadable("there is no command " + LogText.ofBytes(name));
        };
    }

    private static JsonObject object(String line) throws Unreadable {
        // Strict, unlike JsonParser, which takes a bare word for a string.
        Gson strict = new GsonBuilder().setStrictness(Strictness.STRICT).create();
        try {
            if (strict.fromJson(line, JsonElement.class) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException | StackOverflowError e) {
            throw new Unreadable("not a line of JSON");
        }
        throw new Unreadable("not a JSON object");
    }

    private static ControlCommand only(JsonObject object, Set<String> members, ControlCommand command)
            throws Unreadable {
        for (String member : object.keySet()) {
            if (!member.equals("command") && !members.contains(member)) {
                throw new Unreadable("the command has no member " + LogText.ofBytes(member));
            }
        }
        return command;
    }

    private static String string(JsonObject object, String member) throws Unreadable {
        if (object.get(member) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw new Unreadable("\"" + member + "\" must be there, a string");
    }

    private static boolean flag(JsonObject object, String member, boolean otherwise) throws Unreadable {
        if (!object.has(member)) {
            return otherwise;
        }
        if (object.get(member) instanceof JsonPrimitive value && value.isBoolean()) {
            return value.getAsBoolean();
        }
        throw new Unreadable("\"" + member + "\" must be true or false");
    }

    private static long number(JsonObject object, String member, long most) throws Unreadable {
        if (object.get(member) instanceof JsonPrimitive value && value.isNumber()) {
            try {
                long number = Long.parseLong(value.getAsString());
                if (number >= 0 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new Unreadable("\"" + member + "\" must be a whole number");
            }
        }
        throw new Unreadable("\"" + member + "\" must be there, a number from 0 to " + most);
    }
}
