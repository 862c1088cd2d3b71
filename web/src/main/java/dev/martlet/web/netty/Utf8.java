package dev.martlet.web.netty;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes are text. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] bytes) {
        for (var b : bytes) {
            if (b < 0) {
                return isValidBeyondAscii(bytes);
            }
        }
        return true;
    }

    private static boolean isValidBeyondAscii(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
