module Bijectors.FSharp.Tests.StepsTests

open System
open System.Reflection
open Microsoft.FSharp.Core
open Xunit
open Bijectors
open Bijectors.FSharp
open type Bijectors.FSharp.Steps

let private isOption (kind: Type) =
    kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<option<_>>

// A parameter of a step, and of the method it stands for: its name, and whether it may be left out.
let private ofStep (parameter: ParameterInfo) = parameter.Name, isOption parameter.ParameterType
let private ofMethod (parameter: ParameterInfo) = parameter.Name, parameter.IsOptional

let private nameOf (name: string) =
    match name with
    | "Then" -> "append"
    | _ -> string (Char.ToLowerInvariant name[0]) + name[1..]

let private steps =
    set [ for step in typeof<Steps>.GetMethods(BindingFlags.Public ||| BindingFlags.Static) ->
              step.Name, [ for parameter in step.GetParameters() -> ofStep parameter ] ]

/// All that append something to a declaration.
let declarations () : TheoryData<string, int> =
    let data = TheoryData<string, int>()
    for method in typeof<FlowBuilder>.GetMethods() do
        if method.ReturnType = typeof<FlowBuilder> then data.Add(method.Name, method.MetadataToken)
    data

[<Theory>]
[<MemberData(nameof declarations)>]
let ``Every step of a declaration is a function with the same parameters`` (name: string, token: int) =
    let method = typeof<FlowBuilder>.GetMethods() |> Array.find (fun method -> method.MetadataToken = token)
    let parameters = [ for parameter in method.GetParameters() -> ofMethod parameter ]
    let own = if name = "Repeat" && parameters.Length = 2 then set [ "repeat"; "repeati" ] else set [ nameOf name ]
    Assert.Contains(steps, fun (step, its) -> own.Contains step && its = parameters)

[<Fact>]
let ``A declaration in F# is that of C#`` () =
    let ours =
        Flow.On(Shape.Image(1, 8, 8))
        |> dequantize 17
        |> logit 0.05
        |> patchify 2
        |> repeat 2 (
            roll (1, 1)
            >> actNormElements ()
            >> mix Axis.Channels (linear () >> affineCoupling 32)
            >> mix Axis.Patches (linear () >> affineCoupling (hidden = 16, blocks = 1))
        )
        |> into Distribution.StandardNormal

    let theirs =
        Flow.On(Shape.Image(1, 8, 8)).Dequantize(17).Logit(0.05).Patchify(2)
            .Repeat(2, fun layer ->
                layer.Roll(1, 1).ActNormElements()
                    .Mix(Axis.Channels, fun m -> m.Linear().AffineCoupling(32))
                    .Mix(Axis.Patches, fun m -> m.Linear().AffineCoupling(hidden = 16, blocks = 1)))
            .Into(Distribution.StandardNormal)

    Assert.Equal(theirs.Describe(), ours.Describe())

[<Fact>]
let ``Repeated steps are told which they are`` () =
    let flow =
        Flow.On(Shape.Vector 4)
        |> repeati 3 (fun i -> if i = 1 then reverse () else linear ())
        |> into Distribution.StandardNormal

    Assert.Equal<string list>(
        [ "PluLinear"; "Reverse"; "PluLinear" ],
        [ for layer in flow.Layers -> layer.GetType().Name ]
    )

[<Fact>]
let ``A step that does not fit says so where it is declared`` () =
    let error =
        Assert.Throws<ShapeException>(fun () ->
            Flow.On(Shape.Image(1, 8, 8)) |> patchify 3 |> ignore)

    Assert.Contains("Patchify(3)", error.Message)
