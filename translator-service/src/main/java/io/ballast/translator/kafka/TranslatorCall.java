package io.ballast.translator.kafka;

/** The translator calls nothing outside Kafka: there is no such call. */
public enum TranslatorCall {}
