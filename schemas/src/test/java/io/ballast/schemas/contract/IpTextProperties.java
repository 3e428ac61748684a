package io.ballast.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two readers that know nothing of each other take every text for the same address, or both refuse it. */
class IpTextProperties {
    private static final String NASTY = "0123456789abcdefABCDEFgxX.:%/ \t\n\r\u0000\u00a0-+_*,[]\u0661\uff11";
    private static final IPAddressStringParameters WITH_PREFIX = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .allow_inet_aton(false)
            .toParams();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void twoReadersAgree(long seed) {
        compare(seed, 20_000);
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void twoReadersAgreeOnAMillion(long seed) {
        compare(seed, 200_000);
    }

    private static void compare(long seed, int texts) {
        var random = new Random(seed);
        int read = 0;
        for (int i = 0; i < texts; i++) {
            var address = anyAddress(random);
            var text = spelt(address, random);
            if (random.nextInt(3) == 0) {
                assertThat(IpAddress.ofKubernetes(text)).as("'%s'", text).contains(address);
            } else {
                text = random.nextInt(20) == 0 ? anyText(random) : changed(text, random);
            }
            read += holdAgainstEachOther(text) ? 1 : 0;
            holdRanges(address, random);
        }
        assertThat(read).as("some are addresses and some are not").isBetween(texts / 4, texts - texts / 4);
    }

    /** Answers whether it was an address. */
    private static boolean holdAgainstEachOther(String text) {
        var read = IpAddress.parse(text);
        assertThat(read).as("'%s'", text).isEqualTo(byHand(text, false));
        assertThat(IpAddress.ofKubernetes(text)).as("'%s'", text).isEqualTo(byHand(text, true));
        read.ifPresent(address -> {
            assertThat(address)
                    .hasToString(new IPAddressString(text).getAddress().toCanonicalString());
            assertThat(InetAddress.ofLiteral(text).getAddress()).hasSize(address.bits() / 8);
            assertThat(address).hasToString(IpAddress.of(address.toString()).toString());
        });
        return read.isPresent();
    }

    private static Optional<IpAddress> byHand(String text, boolean ofKubernetes) {
        if (text.length() > 64) {
            return Optional.empty();
        }
        if (text.indexOf(':') < 0) {
            return HandReadAddresses.parse4(text, ofKubernetes);
        }
        var read = HandReadAddresses.parse6(text);
        boolean mapped = read.filter(address -> address.high() == 0 && address.low() >>> 32 == 0xffff)
                .isPresent();
        if (!mapped) {
            return read;
        }
        return ofKubernetes ? read.map(address -> IpAddress.ipv4(address.low() & 0xffff_ffffL)) : Optional.empty();
    }

    /** A range is read where the library sees a network whose bits after the prefix are 0. */
    private static void holdRanges(IpAddress address, Random random) {
        int prefix = random.nextInt(address.bits() + 4);
        var network = prefix <= address.bits() && random.nextBoolean()
                ? CidrRange.around(address, prefix).network()
                : address;
        var text = network + "/" + (random.nextInt(8) == 0 ? "0" : "") + prefix;
        var seen = new IPAddressString(text, WITH_PREFIX).getAddress();
        boolean isNetwork = seen != null
                && text.endsWith("/" + prefix)
                && seen.toPrefixBlock().getLower().toCanonicalString().equals(seen.toCanonicalString());
        assertThat(CidrRange.parse(text).map(CidrRange::toString))
                .as("'%s'", text)
                .isEqualTo(isNetwork ? Optional.of(seen.toCanonicalString()) : Optional.empty());
    }

    private static IpAddress anyAddress(Random random) {
        if (random.nextBoolean()) {
            return IpAddress.ipv4(random.nextLong() & 0xffff_ffffL & sparse(random));
        }
        long high = random.nextLong() & sparse(random);
        long low = random.nextLong() & sparse(random);
        return IpAddress.ipv6(high == 0 && low >>> 32 == 0xffff ? 1 : high, low);
    }

    private static long sparse(Random random) {
        long mask = 0;
        for (int octet = 0; octet < 8; octet++) {
            mask = (mask << 8) | (random.nextInt(3) == 0 ? 0 : 0xff);
        }
        return mask;
    }

    /** One of the spellings that mean an address: of IPv4 with zeros as Kubernetes took them. */
    private static String spelt(IpAddress address, Random random) {
        if (address.family() == IpFamily.IPV4) {
            var parts = address.toString().split("\\.", -1);
            boolean zeros = random.nextInt(4) == 0;
            for (int i = 0; zeros && i < parts.length; i++) {
                parts[i] = "0".repeat(random.nextInt(4 - parts[i].length())) + parts[i];
            }
            return String.join(".", parts);
        }
        var text = random.nextBoolean() ? address.toString() : groups(address, random);
        return random.nextBoolean() ? text : text.toUpperCase(Locale.ROOT);
    }

    private static String groups(IpAddress address, Random random) {
        var text = new StringBuilder();
        int gap = random.nextInt(16); // where "::" may stand, if a group of zeros is there
        for (int i = 0; i < 8; i++) {
            long group = ((i < 4 ? address.high() : address.low()) >>> (16 * (3 - i % 4))) & 0xffff;
            if (i == gap && group == 0) {
                text.append(i == 0 ? "::" : ":");
                continue;
            }
            var digits = Long.toHexString(group);
            text.append("0".repeat(random.nextInt(5 - digits.length())))
                    .append(digits)
                    .append(i < 7 ? ":" : "");
        }
        return text.toString();
    }

    private static String changed(String text, Random random) {
        var changed = new StringBuilder(text);
        for (int times = random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(changed.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> changed.insert(at, NASTY.charAt(random.nextInt(NASTY.length())));
                case 1 -> changed.delete(at, Math.min(at + 1, changed.length()));
                default -> changed.replace(at, Math.min(at + 1, changed.length()), anyLetter(random));
            }
        }
        return changed.toString();
    }

    private static String anyText(Random random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(50); length > 0; length--) {
            text.append(anyLetter(random));
        }
        return text.toString();
    }

    private static String anyLetter(Random random) {
        return NASTY.substring(random.nextInt(NASTY.length())).substring(0, 1);
    }
}
