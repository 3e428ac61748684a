package io.ballast.translator.kafka;

/** The translator calls nothing outside Kafka: there is no such answer. */
public enum TranslatorAnswer {}
