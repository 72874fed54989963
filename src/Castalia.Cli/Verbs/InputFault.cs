using Castalia.Errors;

namespace Castalia.Cli.Verbs;

/// <summary>Which exceptions are of what the user gave, and not ours.</summary>
static class InputFault
{
    /// <summary>What to say of one; null for a fault of ours.</summary>
    public static InputException? Of(Exception e) => e switch
    {
        InputException fault => fault,
        OutOfMemoryException => new(
            "There is not enough memory for this.", "this command and its files", "Give it fewer or smaller ones, or a machine with more memory.", e),
        InsufficientExecutionStackException => new(
            "Something in the files is nested more deeply than can be followed.", "this command and its files", "Compare them with the files of their publisher.", e),
        // of several threads that met the same
        AggregateException several => several.Flatten().InnerExceptions is var all && all.All(one => one is OperationCanceledException || Of(one) is not null)
            ? all.Select(Of).FirstOrDefault(fault => fault is not null) : null,
        _ => null,
    };
}
