#pragma once

#include "gateway/pipeline/shared.h"
#include "gateway/pipeline/tickets.h"

// One class a stage, in the order of design 3. Only inbound.cpp knows that order. Each is
// made of what it needs, has no state of its own, and may run on many threads at once.
namespace stafett::pipeline {

/// Peer certificate → system, and the parties it may speak for here.
class Authenticate {
public:
    Result<Sender> operator()(Journey& journey) const;
};

/// Seen and accepted before → the first receipt, whatever mapping, policy and case say today. Asked
/// of what is about to be refused: what passes every stage is recognised by the store itself, in
/// the transaction that would keep it, and costs no look of its own.
class Recognise {
public:
    explicit Recognise(const Shared& shared) : shared_(shared) {}
    /// MessageConflict: its sender has given this id to another message.
    Result<std::optional<store::KnownMessage>> operator()(const Journey& journey) const;

private:
    const Shared& shared_;
};

/// Strict reader, envelope, form.
class Read {
public:
    Result<WireDocument> operator()(Sender sender, Journey& journey) const;
};

/// Maps in, finds case and receivers, validates: every problem at once.
class Understand {
public:
    explicit Understand(const Shared& shared) : shared_(shared) {}
    Checked<ValidMessage> operator()(WireDocument document, Journey& journey) const;

private:
    const Shared& shared_;
};

/// Flow, ground, consent, protection, for every receiver; then the rules that warn.
class Permit {
public:
    explicit Permit(const Shared& shared) : shared_(shared) {}
    Checked<Permitted> operator()(ValidMessage message, Journey& journey) const;

private:
    const Shared& shared_;
};

/// The case as it stands × the message → its new state.
class Take {
public:
    explicit Take(const Shared& shared) : shared_(shared) {}
    Result<Taken> operator()(Permitted permitted, Journey& journey) const;
    /// The case moved while the message was written: the same message, on the case as it stands
    /// now.
    Result<Taken> again(PermittedFacts permitted, Journey& journey) const;

private:
    Result<Taken> take(PermittedFacts permitted, Journey& journey) const;
    const Shared& shared_;
};

/// Each receiver's minimised view in its own language; sealed; the receipt signed.
class WriteOut {
public:
    explicit WriteOut(const Shared& shared) : shared_(shared) {}
    Checked<Written> operator()(Taken taken, Journey& journey) const;

private:
    const Shared& shared_;
};

}  // namespace stafett::pipeline
